// Question: does anyone notice when something behind the target dies? run.sh kills it after a third of the time:
// FAULT=replica, one of two servers behind nginx; FAULT=postgres, the database that the features come from.

import { ask, prepare } from "./lib/mix.js";
import { watch } from "./lib/machine.js";
import { arriving, looked, promising } from "./lib/promise.js";
import { summaryOf } from "./lib/summary.js";
import { seconds, seedOf } from "./lib/target.js";

const seed = seedOf(17);
const duration = seconds("DURATION", "30s");

export const options = promising(duration, arriving(Number(__ENV.RATE || 200), duration));
export const setup = () => prepare(seed);
export const asking = (known) => looked(ask(known));
export const watching = () => watch();
export const handleSummary = summaryOf("faults", seed);
