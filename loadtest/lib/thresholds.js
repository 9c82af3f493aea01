// The checks of every response and the thresholds of a run.

import { check } from "k6";
import { Counter, Rate } from "k6/metrics";
import { secondsOf } from "./duration.js";
import { serverMetricsScenario } from "./server-metrics.js";

const fromCache = new Rate("from_cache");
const answersChecked = new Counter("answers_checked");

/** p95 in milliseconds: the contract's, and OWN_MS, the internal target. Raise them where cores are few or shared. */
const CONTRACT_MS = Number(__ENV.CONTRACT_MS || 150);
const OWN_MS = Number(__ENV.OWN_MS || 10);

/**
 * Open loop: requests start on schedule, so that no slow response hides the ones behind it. The virtual users suffice
 * for half a second of requests, at most 500: nginx lets equal requests wait that long, and k6 drops a request without
 * a free virtual user.
 */
const open = (rate) => ({
  exec: "asking",
  timeUnit: "1s",
  preAllocatedVUs: Math.ceil(Math.min(500, Math.max(20, rate / 2))),
  maxVUs: 1000,
});
export const constantRate = (rate, seconds) => ({
  executor: "constant-arrival-rate",
  rate,
  duration: `${seconds}s`,
  ...open(rate),
});

/** Changing rates: stages of [rate, seconds], each reached linearly. */
export const rampingRate = (startRate, stages) => ({
  executor: "ramping-arrival-rate",
  startRate,
  stages: stages.map(([rate, seconds]) => ({ target: rate, duration: `${seconds}s` })),
  ...open(Math.max(...stages.map(([rate]) => rate))),
});

/** The number of requests that a scenario schedules. */
function scheduledBy({ rate, duration, startRate, stages }) {
  if (stages === undefined) return rate * secondsOf(duration);
  let [sum, from] = [0, startRate];
  for (const stage of stages) {
    sum += ((from + stage.target) / 2) * secondsOf(stage.duration);
    from = stage.target;
  }
  return sum;
}

/** At least 99 % of the scheduled requests were checked: no other threshold counts one that throws or never starts. */
const offered = (asking) => ({ answers_checked: [`count>=${Math.floor(0.99 * scheduledBy(asking))}`] });

/** The thresholds of the contract. */
export const contract = {
  "http_req_failed{scenario:asking}": ["rate==0"],
  "checks{scenario:asking}": ["rate==1"],
  "dropped_iterations{scenario:asking}": ["count==0"],
  "http_req_duration{scenario:asking}": [`p(95)<=${CONTRACT_MS}`],
};

export const internalTarget = { "http_req_duration{scenario:asking}": [`p(95)<=${CONTRACT_MS}`, `p(95)<=${OWN_MS}`] };
export const cached = { from_cache: ["rate>=0.85"] };

/** The options of a script: the scenario of requests, the one of server metrics if possible, and others. */
export function scenarioOptions(seconds, asking, thresholds, others = {}) {
  const watching = serverMetricsScenario(seconds);
  return {
    scenarios: { asking, ...watching.scenarios, ...others },
    thresholds: { ...contract, ...offered(asking), ...watching.thresholds, ...thresholds },
    summaryTrendStats: ["min", "med", "avg", "p(90)", "p(95)", "p(99)", "max", "count"],
  };
}

/**
 * The cache whose hits count: HOP=hemline-edge, hemline-nginx or hemline; by default any. A revalidated response
 * (RFC 9211: fwd-status=304) counts as a hit.
 */
const hit = new RegExp(`(^|, )${__ENV.HOP || "[a-z-]+"};\\s*(hit|[^,]*fwd-status=304)`);

/** The hop that every response must name: THROUGH=hemline-edge or hemline-nginx; run.sh sets it. */
const THROUGH = __ENV.THROUGH || "";

/** Checks a response: status, content, hops and cache. */
export function checked(response) {
  const hops = response.headers["Cache-Status"] || "";
  fromCache.add(hit.test(hops));
  check(response, {
    [`came through ${THROUGH || "any hop"}`]: () => hops.includes(THROUGH),
    "status is 200": (r) => r.status === 200,
    "has its version": (r) => r.headers["X-Model-Version"] !== undefined,
    "has a score": (r) => typeof r.body === "string" && r.body.includes('"trend_score":'),
  });
  answersChecked.add(1);
  return response;
}
