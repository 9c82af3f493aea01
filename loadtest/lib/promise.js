// What must hold of every answer, and the thresholds that fail a run.

import { check } from "k6";
import { Counter, Rate } from "k6/metrics";
import { secondsOf } from "./duration.js";
import { watchingFor } from "./machine.js";

const fromCache = new Rate("from_cache");
const answersChecked = new Counter("answers_checked");

/** The contract: 95 % of the answers within 150 ms, none failed. OWN_MS is our own bar. Loosen them where cores are few or shared. */
const CONTRACT_MS = Number(__ENV.CONTRACT_MS || 150);
const OWN_MS = Number(__ENV.OWN_MS || 10);

/**
 * Questions arrive on time whether or not earlier ones were answered: no slow answer hides those behind it. There are askers
 * for half a second of questions, at most 500, because nginx lets equal ones wait that long for the first, and k6 drops what none is free for.
 */
const open = (rate) => ({ exec: "asking", timeUnit: "1s", preAllocatedVUs: Math.ceil(Math.min(500, Math.max(20, rate / 2))), maxVUs: 1000 });
export const arriving = (rate, seconds) => ({ executor: "constant-arrival-rate", rate, duration: `${seconds}s`, ...open(rate) });

/** Rates that change: [rate, seconds] after [rate, seconds], each reached in a straight line. */
export const rising = (startRate, stages) => ({
  executor: "ramping-arrival-rate",
  startRate,
  stages: stages.map(([rate, seconds]) => ({ target: rate, duration: `${seconds}s` })),
  ...open(Math.max(...stages.map(([rate]) => rate))),
});

/** How many questions a scenario is to ask. */
function questionsOf({ rate, duration, startRate, stages }) {
  if (stages === undefined) return rate * secondsOf(duration);
  let [sum, from] = [0, startRate];
  for (const stage of stages) {
    sum += ((from + stage.target) / 2) * secondsOf(stage.duration);
    from = stage.target;
  }
  return sum;
}

/** That so many were really asked and their answers looked at: a question that throws or never starts breaks no other threshold. */
const offered = (asking) => ({ answers_checked: [`count>=${Math.floor(0.99 * questionsOf(asking))}`] });

/** The thresholds of the contract. */
export const contract = {
  "http_req_failed{scenario:asking}": ["rate==0"],
  "checks{scenario:asking}": ["rate==1"],
  "dropped_iterations{scenario:asking}": ["count==0"],
  "http_req_duration{scenario:asking}": [`p(95)<=${CONTRACT_MS}`],
};

export const own = { "http_req_duration{scenario:asking}": [`p(95)<=${CONTRACT_MS}`, `p(95)<=${OWN_MS}`] };
export const cached = { from_cache: ["rate>=0.85"] };

/** The options of a script: a scenario of questions for so many seconds, one that watches the servers if it can, and others. */
export function promising(seconds, asking, thresholds, others = {}) {
  const watching = watchingFor(seconds);
  return {
    scenarios: { asking, ...watching.scenarios, ...others },
    thresholds: { ...contract, ...offered(asking), ...watching.thresholds, ...thresholds },
    summaryTrendStats: ["min", "med", "avg", "p(90)", "p(95)", "p(99)", "max", "count"],
  };
}

/**
 * Whose hits count: HOP=hemline-edge, hemline-nginx or hemline; without it any cache's on the way. An answer that was kept and
 * found still true (RFC 9211: fwd-status=304) was computed for somebody else, too.
 */
const hit = new RegExp(`(^|, )${__ENV.HOP || "[a-z-]+"};\\s*(hit|[^,]*fwd-status=304)`);

/** Through whom every answer must have come: THROUGH=hemline-edge or hemline-nginx; run.sh sets it. */
const THROUGH = __ENV.THROUGH || "";

/** Looks at an answer: whole, on which way, and from which cache. */
export function looked(answer) {
  const hops = answer.headers["Cache-Status"] || "";
  fromCache.add(hit.test(hops));
  check(answer, {
    [`came through ${THROUGH || "whoever was asked"}`]: () => hops.includes(THROUGH),
    "status is 200": (r) => r.status === 200,
    "says its version": (r) => r.headers["X-Model-Version"] !== undefined,
    "has a score": (r) => typeof r.body === "string" && r.body.includes('"trend_score":'),
  });
  answersChecked.add(1);
  return answer;
}
