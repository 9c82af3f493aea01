// The target answers every kind of request.

import { kinds, prepare, sendQuestion } from "./lib/mix.js";
import { recordServerMetrics } from "./lib/server-metrics.js";
import { summaryOf } from "./lib/summary.js";
import { seconds, seedOf } from "./lib/target.js";
import { checked, constantRate, scenarioOptions } from "./lib/thresholds.js";

const seed = seedOf(11);
const duration = seconds("DURATION", "10s");

const eachKind = Object.fromEntries(kinds.map((kind) => [`http_reqs{scenario:asking,name:${kind}}`, ["count>0"]]));

export const options = scenarioOptions(duration, constantRate(Number(__ENV.RATE || 40), duration), eachKind);
export const setup = () => prepare(seed);
export const asking = (known) => checked(sendQuestion(known));
export const watching = () => recordServerMetrics();
export const handleSummary = summaryOf("smoke", seed);
