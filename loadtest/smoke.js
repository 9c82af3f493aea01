// Question: does the target answer every kind of question at all?

import { ask, kinds, prepare } from "./lib/mix.js";
import { watch } from "./lib/machine.js";
import { arriving, looked, promising } from "./lib/promise.js";
import { summaryOf } from "./lib/summary.js";
import { seconds, seedOf } from "./lib/target.js";

const seed = seedOf(11);
const duration = seconds("DURATION", "10s");

const eachKind = Object.fromEntries(kinds.map((kind) => [`http_reqs{scenario:asking,name:${kind}}`, ["count>0"]]));

export const options = promising(duration, arriving(Number(__ENV.RATE || 40), duration), eachKind);
export const setup = () => prepare(seed);
export const asking = (known) => looked(ask(known));
export const watching = () => watch();
export const handleSummary = summaryOf("smoke", seed);
