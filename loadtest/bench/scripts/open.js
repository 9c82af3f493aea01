// Question: how long does each answer take when requests arrive at a fixed rate, answered or not?
// RATE a second, a share of HITS among them (HITS_FILE; the others from MISSES_FILE are new to every cache),
// IMAGES a second beside them from IMAGES_FILE. METHOD GET reads paths from HITS_FILE.
// With AFTER, so many a second begin one second after the last of them, for AFTER_SECONDS.

import { check } from "k6";
import exec from "k6/execution";
import http from "k6/http";
import { SharedArray } from "k6/data";

const { BASE_URL: base, METHOD: method, REQUEST_PATH: path } = __ENV;
const hitShare = Number(__ENV.HITS);
const duration = `${__ENV.SECONDS}s`;
const json = { headers: { "Content-Type": "application/json" } };
const read = (name, file) => new SharedArray(name, () => (file ? open(file).split("\n").filter(Boolean) : [""]));
const hits = read("hits", __ENV.HITS_FILE);
const misses = read("misses", __ENV.MISSES_FILE);
const pictures = read("images", __ENV.IMAGES_FILE);

const arriving = (rate, exec) => ({ executor: "constant-arrival-rate", exec, rate, timeUnit: "1s", duration, preAllocatedVUs: 200, maxVUs: 600 });
const scenarios = { questions: arriving(Number(__ENV.RATE), "questions") };
if (Number(__ENV.IMAGES) > 0) scenarios.images = arriving(Number(__ENV.IMAGES), "images");

if (Number(__ENV.AFTER) > 0) {
  scenarios.after = {
    ...arriving(Number(__ENV.AFTER), "questions"),
    startTime: `${Number(__ENV.SECONDS) + 1}s`,
    duration: `${__ENV.AFTER_SECONDS}s`,
  };
}

export const options = {
  scenarios,
  thresholds: {
    // Kept apart in the summary; what is measured is judged by the bench, not here.
    "http_req_duration{scenario:questions}": ["max>=0"],
    "http_reqs{scenario:questions}": ["count>=0"],
    "http_req_failed{scenario:questions}": ["rate>=0"],
    dropped_iterations: ["count>=0"],
  },
  summaryTrendStats: ["med", "p(95)", "p(99)", "max"],
};

export function setup() {
  // A server that is still starting is asked from the moment on which it calls itself ready.
  for (let tries = 0; tries < 2000 && __ENV.READY; tries++) {
    if (http.get(__ENV.READY).status === 200) return;
  }
}

const fresh = (body, index) => body.replace("@", `${100 + (Number(__ENV.SEED) % 900)}${String(index).padStart(8, "0")}.5`);

export function questions() {
  const index = exec.scenario.iterationInTest + (exec.scenario.name === "after" ? 50_000_000 : 0);
  const hit = Math.random() < hitShare;
  const line = hit ? hits[index % hits.length] : fresh(misses[index % misses.length], index);
  const answer = method === "GET" ? http.get(`${base}${line}`, { tags: { name: "GET" } }) : http.post(`${base}${path}`, line, json);
  check(answer, { 200: (r) => r.status === 200 });
}

export function images() {
  http.post(`${base}${path}`, pictures[exec.scenario.iterationInTest % pictures.length], json);
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data.metrics) };
}
