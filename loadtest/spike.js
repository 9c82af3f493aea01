// The latency objective holds in a spike of ten times the usual rate, and after it.

import { prepare, sendQuestion } from "./lib/mix.js";
import { recordServerMetrics } from "./lib/server-metrics.js";
import { summaryOf } from "./lib/summary.js";
import { rate, seconds, seedOf } from "./lib/target.js";
import { checked, rampingRate, scenarioOptions } from "./lib/thresholds.js";

const seed = seedOf(14);
const usual = rate / 10;
const quiet = seconds("QUIET", "15s");
const spike = seconds("RUSH", "15s");
const all = 2 * quiet + spike;

export const options = scenarioOptions(
  all,
  rampingRate(usual, [
    [usual, quiet],
    [rate, 0],
    [rate, spike],
    [usual, 0],
    [usual, quiet],
  ]),
);
export const setup = () => prepare(seed);
export const asking = (known) => checked(sendQuestion(known));
export const watching = () => recordServerMetrics();
export const handleSummary = summaryOf("spike", seed);
