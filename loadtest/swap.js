// No request fails while the live model is swapped every ten seconds (EVERY).
// A swap counts once every server reports it during the load.
// EVERY=0s MIX=fresh RATE=200 SWAPS=50: consecutive swaps under requests that no cache answers.

import { fail, sleep } from "k6";
import http from "k6/http";
import { Counter, Trend } from "k6/metrics";
import { prepare, sendQuestion } from "./lib/mix.js";
import { randomOf } from "./lib/random.js";
import { LAST_WEEK, series } from "./lib/series.js";
import { recordServerMetrics } from "./lib/server-metrics.js";
import { summaryOf } from "./lib/summary.js";
import { admins, json, rate, seconds, seedOf, target } from "./lib/target.js";
import { checked, constantRate, scenarioOptions } from "./lib/thresholds.js";

const seed = seedOf(16);
const every = seconds("EVERY", "10s");
const swaps = Number(__ENV.SWAPS || 6);
const versions = (__ENV.VERSIONS || "1,2").split(",");
const duration = seconds("DURATION", `${swaps * (every || 1.7) + 5}s`);
if (new Set(versions).size < 2) throw new Error(`VERSIONS must name at least two versions, not ${versions}`);
if (admins.length === 0) throw new Error("swap.js needs ADMIN, the URL of an admin listener, to promote versions");

const swapped = new Counter("swaps");
const untilLive = new Trend("swap_until_live", true);
const otherVersions = new Counter("answers_of_other_versions");

export const options = scenarioOptions(
  duration,
  constantRate(rate, duration),
  { swaps: [`count==${swaps}`], answers_of_other_versions: ["count==0"] },
  {
    swapping: {
      executor: "shared-iterations",
      exec: "swapping",
      vus: 1,
      iterations: swaps,
      maxDuration: `${duration}s`,
      gracefulStop: "0s",
    },
  },
);
export const setup = () => prepare(seed);
export function asking(known) {
  const response = checked(sendQuestion(known));
  otherVersions.add(versions.includes(response.headers["X-Model-Version"]) ? 0 : 1);
}
export function swapping() {
  const before = live();
  if (!before) fail("the target does not report its live version");
  const desired = versions[(versions.indexOf(before) + 1) % versions.length];
  const started = Date.now();
  const moved = http.post(
    `${admins[0]}/models/trend/promote`,
    JSON.stringify({ version: desired, channel: "stable" }),
    json,
  );
  if (moved.status !== 200) fail(`promote answered ${moved.status}: ${moved.body}`);
  const until = (condition) => {
    while (!condition()) {
      if (Date.now() - started > 10000) fail(`version ${desired} was not live within 10 s`);
      sleep(0.05);
    }
  };
  until(() => live() === desired);
  untilLive.add(Date.now() - started);
  until(() => admins.every((admin) => http.get(`${admin}/models`).json("models.0.live") === desired));
  swapped.add(1);
  sleep(Math.max(0, every - (Date.now() - started) / 1000));
}
export const watching = () => recordServerMetrics();
export const handleSummary = summaryOf("swap", seed);

/** The version that answers a unique request. */
function live() {
  const item = { series: series(randomOf(seed, Date.now()), 26, Date.now() % 1000000), last_week: LAST_WEEK };
  return http.post(`${target}/v1/forecasts`, JSON.stringify({ items: [item] }), json).headers["X-Model-Version"];
}
