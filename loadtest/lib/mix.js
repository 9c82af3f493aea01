// The mix of requests: known trends by GET and POST, lists of trends, repeated and unique own series, images.

import encoding from "k6/encoding";
import exec from "k6/execution";
import http from "k6/http";
import { randomOf, shuffled, zipf } from "./random.js";
import { LAST_WEEK, series } from "./series.js";
import { json, target } from "./target.js";

const BOARDS = 60;
const OWN = 50;
const WEEKS = 104;
const image = encoding.b64encode(open("../../model-store/fixtures/images/plain.jpg", "b"));

/** The shares of the kinds. MIX=fresh has only unique series, MIX=known only known trends. */
const MIXES = {
  realistic: { predict: 0.45, forecast: 0.2, board: 0.1, post: 0.1, own: 0.1, fresh: 0.045, image: 0.005 },
  known: { predict: 0.6, forecast: 0.2, board: 0.1, post: 0.1 },
  fresh: { fresh: 1 },
};
const shares = MIXES[__ENV.MIX || "realistic"];
export const kinds = Object.keys(shares || {});
if (shares === undefined) throw new Error(`MIX is one of ${Object.keys(MIXES).join(", ")}, not ${__ENV.MIX}`);

/** For setup: the target's known trends, the most frequent first, and a time stamp that makes fresh series unique. */
export function prepare(seed) {
  const trends = [];
  let cursor = "";
  do {
    const page = http.get(`${target}/v1/trends?limit=500${cursor}`);
    if (page.status !== 200)
      exec.test.abort(`${target} answers ${page.status} to /v1/trends: ${page.body || page.error}`);
    for (const { hashtag, market } of page.json().trends) trends.push(`${hashtag}\n${market}`);
    cursor = page.json().next ? `&cursor=${encodeURIComponent(page.json().next)}` : "";
  } while (cursor);
  const known = shuffled(trends.sort(), seed).map((pair) => pair.split("\n"));
  return { seed, known, stamp: Math.floor(Date.now() / 1000) % 1000000 };
}

/** Sends request number n, tagged with its kind, and returns the response. The first requests are one of each kind. */
export function sendQuestion({ seed, known, stamp }, n = exec.scenario.iterationInTest) {
  const random = randomOf(seed, n);
  const drawn = random();
  const kind = kinds[n] || kindOf(drawn);
  const request = REQUESTS[kind]({ random, known, stamp, n });
  const tagged = { tags: { name: kind } };
  if (request.body === undefined) return http.get(`${target}${request.path}`, tagged);
  return http.post(`${target}${request.path}`, JSON.stringify(request.body), { ...json, ...tagged });
}

function kindOf(drawn) {
  let sum = 0;
  for (const kind of kinds) {
    sum += shares[kind];
    if (drawn < sum) return kind;
  }
  return kinds[0];
}

const REQUESTS = {
  predict: (of) => ({ path: `/predict?${query(trend(of))}` }),
  forecast: (of) => ({ path: `/v1/forecasts?${query(trend(of))}` }),
  // A recurring list of three trends, such as of a dashboard.
  board: (of) => ({
    path: "/v1/forecasts",
    body: { items: board(of).map(([hashtag, market]) => ({ hashtag, market })) },
  }),
  post: (of) => {
    const [hashtag, market] = trend(of);
    return { path: "/predict", body: { hashtags: [hashtag], market } };
  },
  own: ({ random, stamp }) => {
    const which = draw(OWN)(random);
    return own(series(randomOf(which, OWN), WEEKS, stamp));
  },
  fresh: ({ random, stamp, n }) => own(series(random, WEEKS, stamp * 1000 + n)),
  image: ({ random, stamp, n }) => own(series(random, WEEKS, stamp * 1000 + n), { image }),
};

const trend = ({ random, known }) => known[draw(known.length)(random)];
const query = ([hashtag, market]) => `hashtags=${encodeURIComponent(hashtag)}&market=${market}`;
const own = (values, more) => ({
  path: "/v1/forecasts",
  body: { items: [{ series: values, last_week: LAST_WEEK, ...more }] },
});

function board({ random, known }) {
  const which = draw(Math.min(BOARDS, Math.floor(known.length / 3)))(random);
  return [known[3 * which], known[3 * which + 1], known[3 * which + 2]].filter(Boolean);
}

const draws = {};
const draw = (n) => (draws[n] = draws[n] || zipf(n));
