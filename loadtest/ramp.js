// The latency objective holds on a ramp from 0 to 500 requests a second in five minutes. DURATION=60s shortens it.

import { prepare, sendQuestion } from "./lib/mix.js";
import { recordServerMetrics } from "./lib/server-metrics.js";
import { summaryOf } from "./lib/summary.js";
import { rate, seconds, seedOf } from "./lib/target.js";
import { checked, rampingRate, scenarioOptions } from "./lib/thresholds.js";

const seed = seedOf(13);
const duration = seconds("DURATION", "5m");

export const options = scenarioOptions(duration, rampingRate(0, [[rate, duration]]));
export const setup = () => prepare(seed);
export const asking = (known) => checked(sendQuestion(known));
export const watching = () => recordServerMetrics();
export const handleSummary = summaryOf("ramp", seed);
