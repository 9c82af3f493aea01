// 500 requests a second succeed, 95 % within 150 ms (the contract) and 10 ms (the internal target), 85 % from a cache.

import { prepare, sendQuestion } from "./lib/mix.js";
import { recordServerMetrics } from "./lib/server-metrics.js";
import { summaryOf } from "./lib/summary.js";
import { rate, seconds, seedOf } from "./lib/target.js";
import { cached, checked, constantRate, internalTarget, scenarioOptions } from "./lib/thresholds.js";

const seed = seedOf(12);
const duration = seconds("DURATION", "60s");

export const options = scenarioOptions(duration, constantRate(rate, duration), { ...internalTarget, ...cached });
export const setup = () => prepare(seed);
export const asking = (known) => checked(sendQuestion(known));
export const watching = () => recordServerMetrics();
export const handleSummary = summaryOf("steady", seed);
