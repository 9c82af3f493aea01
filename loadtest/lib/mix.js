// What clients ask: known trends by GET and POST, lists of them, own series again and for the first time, series with an image.

import encoding from "k6/encoding";
import exec from "k6/execution";
import http from "k6/http";
import { chanceOf, shuffled, zipf } from "./chance.js";
import { LAST_WEEK, series } from "./series.js";
import { json, target } from "./target.js";

const BOARDS = 60;
const OWN = 50;
const WEEKS = 104;
const picture = encoding.b64encode(open("../../model-store/fixtures/images/plain.jpg", "b"));

/** Which share of the questions is of which kind. MIX=fresh asks only what no cache knows, MIX=known only known trends. */
const MIXES = {
  realistic: { predict: 0.45, forecast: 0.2, board: 0.1, post: 0.1, own: 0.1, fresh: 0.045, image: 0.005 },
  known: { predict: 0.6, forecast: 0.2, board: 0.1, post: 0.1 },
  fresh: { fresh: 1 },
};
const shares = MIXES[__ENV.MIX || "realistic"];
export const kinds = Object.keys(shares || {});
if (shares === undefined) throw new Error(`MIX is one of ${Object.keys(MIXES).join(", ")}, not ${__ENV.MIX}`);

/** In setup: the trends that the target knows, the most asked first, and the moment, which makes fresh series fresh. */
export function prepare(seed) {
  const trends = [];
  let cursor = "";
  do {
    const page = http.get(`${target}/v1/trends?limit=500${cursor}`);
    if (page.status !== 200) exec.test.abort(`${target} answers ${page.status} to /v1/trends: ${page.body || page.error}`);
    for (const { hashtag, market } of page.json().trends) trends.push(`${hashtag}\n${market}`);
    cursor = page.json().next ? `&cursor=${encodeURIComponent(page.json().next)}` : "";
  } while (cursor);
  const known = shuffled(trends.sort(), seed).map((pair) => pair.split("\n"));
  return { seed, known, stamp: Math.floor(Date.now() / 1000) % 1000000 };
}

/** Asks question number n and returns the answer; its kind is a tag. The first questions are one of each kind. */
export function ask({ seed, known, stamp }, n = exec.scenario.iterationInTest) {
  const chance = chanceOf(seed, n);
  const drawn = chance();
  const kind = kinds[n] || kindOf(drawn);
  const asked = ASKED[kind]({ chance, known, stamp, n });
  const tagged = { tags: { name: kind } };
  if (asked.body === undefined) return http.get(`${target}${asked.path}`, tagged);
  return http.post(`${target}${asked.path}`, JSON.stringify(asked.body), { ...json, ...tagged });
}

function kindOf(drawn) {
  let sum = 0;
  return kinds.find((kind) => drawn < (sum += shares[kind])) || kinds[0];
}

const ASKED = {
  predict: (of) => ({ path: `/predict?${query(trend(of))}` }),
  forecast: (of) => ({ path: `/v1/forecasts?${query(trend(of))}` }),
  // A list on somebody's wall, asked for again and again: never any three trends.
  board: (of) => ({ path: "/v1/forecasts", body: { items: board(of).map(([hashtag, market]) => ({ hashtag, market })) } }),
  post: (of) => {
    const [hashtag, market] = trend(of);
    return { path: "/predict", body: { hashtags: [hashtag], market } };
  },
  own: ({ chance, stamp }) => {
    const which = draw(OWN)(chance);
    return own(series(chanceOf(which, OWN), WEEKS, stamp));
  },
  fresh: ({ chance, stamp, n }) => own(series(chance, WEEKS, stamp * 1000 + n)),
  image: ({ chance, stamp, n }) => own(series(chance, WEEKS, stamp * 1000 + n), { image: picture }),
};

const trend = ({ chance, known }) => known[draw(known.length)(chance)];
const query = ([hashtag, market]) => `hashtags=${encodeURIComponent(hashtag)}&market=${market}`;
const own = (values, more) => ({ path: "/v1/forecasts", body: { items: [{ series: values, last_week: LAST_WEEK, ...more }] } });

function board({ chance, known }) {
  const which = draw(Math.min(BOARDS, Math.floor(known.length / 3)))(chance);
  return [known[3 * which], known[3 * which + 1], known[3 * which + 2]].filter(Boolean);
}

const draws = {};
const draw = (n) => (draws[n] = draws[n] || zipf(n));
