// Latency at a fixed arrival rate (open loop).
// RATE requests a second: a share HITS from HITS_FILE (with METHOD GET its lines are paths), the rest unique ones from
// MISSES_FILE; in parallel IMAGES requests a second from IMAGES_FILE.
// With AFTER, that many a second for AFTER_SECONDS, starting one second after the main phase.

import { check } from "k6";
import { SharedArray } from "k6/data";
import exec from "k6/execution";
import http from "k6/http";

const { BASE_URL: base, METHOD: method, REQUEST_PATH: path } = __ENV;
const hitShare = Number(__ENV.HITS);
const duration = `${__ENV.SECONDS}s`;
const json = { headers: { "Content-Type": "application/json" } };
const read = (name, file) => new SharedArray(name, () => (file ? open(file).split("\n").filter(Boolean) : [""]));
const hits = read("hits", __ENV.HITS_FILE);
const misses = read("misses", __ENV.MISSES_FILE);
const imageBodies = read("images", __ENV.IMAGES_FILE);

const arrivals = (rate, exec) => ({
  executor: "constant-arrival-rate",
  exec,
  rate,
  timeUnit: "1s",
  duration,
  preAllocatedVUs: 200,
  maxVUs: 600,
});
const scenarios = { requests: arrivals(Number(__ENV.RATE), "requests") };
if (Number(__ENV.IMAGES) > 0) scenarios.images = arrivals(Number(__ENV.IMAGES), "images");

if (Number(__ENV.AFTER) > 0) {
  scenarios.after = {
    ...arrivals(Number(__ENV.AFTER), "requests"),
    startTime: `${Number(__ENV.SECONDS) + 1}s`,
    duration: `${__ENV.AFTER_SECONDS}s`,
  };
}

export const options = {
  scenarios,
  thresholds: {
    // They make k6 report the tagged metrics; the bench evaluates them.
    "http_req_duration{scenario:requests}": ["max>=0"],
    "http_reqs{scenario:requests}": ["count>=0"],
    "http_req_failed{scenario:requests}": ["rate>=0"],
    dropped_iterations: ["count>=0"],
  },
  summaryTrendStats: ["med", "p(95)", "p(99)", "max"],
};

export function setup() {
  // Waits until a starting server is ready.
  for (let tries = 0; tries < 2000 && __ENV.READY; tries++) {
    if (http.get(__ENV.READY).status === 200) return;
  }
}

const unique = (body, index) =>
  body.replace("@", `${100 + (Number(__ENV.SEED) % 900)}${String(index).padStart(8, "0")}.5`);

export function requests() {
  const index = exec.scenario.iterationInTest + (exec.scenario.name === "after" ? 50_000_000 : 0);
  const hit = Math.random() < hitShare;
  const line = hit ? hits[index % hits.length] : unique(misses[index % misses.length], index);
  const response =
    method === "GET" ? http.get(`${base}${line}`, { tags: { name: "GET" } }) : http.post(`${base}${path}`, line, json);
  check(response, { 200: (r) => r.status === 200 });
}

export function images() {
  http.post(`${base}${path}`, imageBodies[exec.scenario.iterationInTest % imageBodies.length], json);
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data.metrics) };
}
