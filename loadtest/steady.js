// Question: do 500 questions a second get their answers, 95 % of them within 150 ms (and 10 ms, our own bar), 85 % of them from a cache?

import { ask, prepare } from "./lib/mix.js";
import { watch } from "./lib/machine.js";
import { arriving, cached, looked, own, promising } from "./lib/promise.js";
import { summaryOf } from "./lib/summary.js";
import { rate, seconds, seedOf } from "./lib/target.js";

const seed = seedOf(12);
const duration = seconds("DURATION", "60s");

export const options = promising(duration, arriving(rate, duration), { ...own, ...cached });
export const setup = () => prepare(seed);
export const asking = (known) => looked(ask(known));
export const watching = () => watch();
export const handleSummary = summaryOf("steady", seed);
