// Latency and memory do not grow in ten minutes (DURATION): the last third is compared with the first, by the servers'
// own metrics (ADMIN) and by the clients' p95.

import exec from "k6/execution";
import { Trend } from "k6/metrics";
import { prepare, sendQuestion } from "./lib/mix.js";
import { recordServerMetrics } from "./lib/server-metrics.js";
import { summaryOf } from "./lib/summary.js";
import { admins, seconds, seedOf } from "./lib/target.js";
import { checked, constantRate, scenarioOptions } from "./lib/thresholds.js";

const seed = seedOf(15);
const duration = seconds("DURATION", "10m");
const firstThird = new Trend("first_third", true);
const lastThird = new Trend("last_third", true);
const flat =
  admins.length === 0
    ? {}
    : { server_memory_growth: ["value<1.1", "value>0"], server_time_growth: ["value<1.5", "value>0"] };

export const options = scenarioOptions(duration, constantRate(Number(__ENV.RATE || 200), duration), {
  first_third: ["p(95)<=150", "min>0"],
  last_third: ["p(95)<=150", "min>0"],
  ...flat,
});
export const setup = () => prepare(seed);
export function asking(known) {
  const part = exec.scenario.progress;
  const { timings } = checked(sendQuestion(known));
  if (part < 1 / 3) firstThird.add(timings.duration);
  if (part > 2 / 3) lastThird.add(timings.duration);
}
export const watching = () => recordServerMetrics(duration);
export const handleSummary = summaryOf("soak", seed);
