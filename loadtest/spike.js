// Question: what becomes of a rush of ten times the usual rate? Everybody is answered within the contract, and so are those after it.

import { ask, prepare } from "./lib/mix.js";
import { watch } from "./lib/machine.js";
import { looked, promising, rising } from "./lib/promise.js";
import { summaryOf } from "./lib/summary.js";
import { rate, seconds, seedOf } from "./lib/target.js";

const seed = seedOf(14);
const usual = rate / 10;
const quiet = seconds("QUIET", "15s");
const rush = seconds("RUSH", "15s");
const all = 2 * quiet + rush;

export const options = promising(all, rising(usual, [[usual, quiet], [rate, 0], [rate, rush], [usual, 0], [usual, quiet]]));
export const setup = () => prepare(seed);
export const asking = (known) => looked(ask(known));
export const watching = () => watch();
export const handleSummary = summaryOf("spike", seed);
