// No request fails while a component is killed and restarted. FAULT=replica: one of two servers behind
// nginx; FAULT=postgres: the database of the features. After a third of the time this script prints "fault: inject",
// after two thirds "fault: recover"; run.sh obeys, and the script polls VICTIM, the component's URL, for the effect.

import { fail, sleep } from "k6";
import http from "k6/http";
import { Counter } from "k6/metrics";
import { prepare, sendQuestion } from "./lib/mix.js";
import { recordServerMetrics } from "./lib/server-metrics.js";
import { summaryOf } from "./lib/summary.js";
import { seconds, seedOf } from "./lib/target.js";
import { checked, constantRate, scenarioOptions } from "./lib/thresholds.js";

const seed = seedOf(17);
const duration = seconds("DURATION", "30s");
const victim = __ENV.VICTIM;
if (!victim) throw new Error("faults.js needs VICTIM, the URL of the component that run.sh kills");

const CONNECTION_REFUSED = 1212; // https://grafana.com/docs/k6/latest/javascript-api/error-codes/
const died = new Counter("victim_died");
const returned = new Counter("victim_returned");

export const options = scenarioOptions(
  duration,
  constantRate(Number(__ENV.RATE || 200), duration),
  { victim_died: ["count==1"], victim_returned: ["count==1"] },
  {
    injecting: {
      executor: "shared-iterations",
      exec: "injecting",
      vus: 1,
      iterations: 1,
      startTime: `${duration / 3}s`,
      maxDuration: `${duration + 120}s`,
    },
  },
);
export const setup = () => prepare(seed);
export const asking = (known) => checked(sendQuestion(known));
export const watching = () => recordServerMetrics();
export function injecting() {
  if (!listens()) fail(`${victim} does not respond before the fault`);
  const started = Date.now();
  console.log("fault: inject");
  until(isDown, "died", duration / 3);
  died.add(1);
  sleep(Math.max(0, duration / 3 - (Date.now() - started) / 1000));
  if (!isDown()) fail(`${victim} recovered before it was restarted`);
  console.log("fault: recover");
  until(listens, "returned", 60);
  returned.add(1);
}
export const handleSummary = summaryOf("faults", seed);

const probe = () => http.get(victim, { tags: { name: "victim" }, timeout: "5s" });
const isDown = () => probe().error_code === CONNECTION_REFUSED;

/** A ready server answers 200; a database speaks no HTTP but accepts the connection. */
function listens() {
  const { status, error_code: error } = probe();
  return status === 200 || (status === 0 && error !== CONNECTION_REFUSED);
}

function until(condition, change, limit) {
  const started = Date.now();
  while (!condition()) {
    if (Date.now() - started > 1000 * limit) fail(`${victim} has not ${change} within ${limit} s`);
    sleep(0.1);
  }
}
