// Question: do 50 swaps of the live model fail or slow any of 200 uncached POST /v1/forecasts a second?

import { check, fail, sleep } from "k6";
import http from "k6/http";
import { Counter, Trend } from "k6/metrics";
import { admin, base, freshQuestion, json } from "./lib/questions.js";

const swaps = Number(__ENV.SWAPS || 50);
const rate = Number(__ENV.RATE || 200);
const versions = (__ENV.VERSIONS || "1,2").split(",");
const maxSeconds = swaps * 2 + 10;

const swapped = new Counter("swaps");
const swapMillis = new Trend("swap_until_live", true);

export const options = {
  scenarios: {
    ask: { executor: "constant-arrival-rate", exec: "ask", rate, timeUnit: "1s", duration: __ENV.DURATION || "65s", preAllocatedVUs: 200, maxVUs: 400 },
    swap: { executor: "shared-iterations", exec: "swap", vus: 1, iterations: swaps, maxDuration: `${maxSeconds}s` },
  },
  thresholds: {
    "http_req_failed{scenario:ask}": ["rate==0"],
    "checks{scenario:ask}": ["rate==1"],
    dropped_iterations: ["count==0"],
    swaps: [`count==${swaps}`],
    "http_req_duration{scenario:ask}": ["p(95)<150"],
  },
  summaryTrendStats: ["min", "med", "p(90)", "p(95)", "p(99)", "max"],
};

export function ask() {
  const answer = http.post(`${base}/v1/forecasts`, freshQuestion(), json);
  check(answer, {
    "200": (r) => r.status === 200,
    "one of the two versions": (r) => versions.includes(r.headers["X-Model-Version"]),
    "13 weeks": (r) => r.status === 200 && r.json("forecasts.0.weeks").length === 13,
  });
}

export function swap() {
  const live = () => http.post(`${base}/v1/forecasts`, freshQuestion(), json).headers["X-Model-Version"];
  const wished = live() === versions[0] ? versions[1] : versions[0];
  const started = Date.now();
  const moved = http.post(`${admin}/models/trend/promote`, JSON.stringify({ version: wished, channel: "stable" }), json);
  if (moved.status !== 200) fail(`promote answered ${moved.status}: ${moved.body}`);
  while (live() !== wished) {
    if (Date.now() - started > 10000) fail(`version ${wished} was not live within 10 s`);
    sleep(0.05);
  }
  swapMillis.add(Date.now() - started);
  swapped.add(1);
}
