// Question: does the contract hold all the way from 0 to 500 questions a second in five minutes? DURATION=60s is the short form.

import { ask, prepare } from "./lib/mix.js";
import { watch } from "./lib/machine.js";
import { looked, promising, rising } from "./lib/promise.js";
import { summaryOf } from "./lib/summary.js";
import { rate, seconds, seedOf } from "./lib/target.js";

const seed = seedOf(13);
const duration = seconds("DURATION", "5m");

export const options = promising(duration, rising(0, [[rate, duration]]));
export const setup = () => prepare(seed);
export const asking = (known) => looked(ask(known));
export const watching = () => watch();
export const handleSummary = summaryOf("ramp", seed);
