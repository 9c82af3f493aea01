// Question: does anyone notice when something behind the target dies, and when it comes back? FAULT=replica: one of two servers behind
// nginx; FAULT=postgres: the database that the features come from. After a third of the time this script says "fault: break", after
// two thirds "fault: mend"; run.sh does it, and VICTIM, where the victim listens, is looked at until it is so.

import { fail, sleep } from "k6";
import http from "k6/http";
import { Counter } from "k6/metrics";
import { ask, prepare } from "./lib/mix.js";
import { watch } from "./lib/machine.js";
import { arriving, looked, promising } from "./lib/promise.js";
import { summaryOf } from "./lib/summary.js";
import { seconds, seedOf } from "./lib/target.js";

const seed = seedOf(17);
const duration = seconds("DURATION", "30s");
const victim = __ENV.VICTIM;
if (!victim) throw new Error("faults.js needs VICTIM, the address of what dies, and someone who kills it; run.sh has both");

const CONNECTION_REFUSED = 1212; // https://grafana.com/docs/k6/latest/javascript-api/error-codes/
const died = new Counter("victim_died");
const returned = new Counter("victim_returned");

export const options = promising(duration, arriving(Number(__ENV.RATE || 200), duration), { victim_died: ["count==1"], victim_returned: ["count==1"] }, {
  breaking: { executor: "shared-iterations", exec: "breaking", vus: 1, iterations: 1, startTime: `${duration / 3}s`, maxDuration: `${duration + 120}s` },
});
export const setup = () => prepare(seed);
export const asking = (known) => looked(ask(known));
export const watching = () => watch();
export function breaking() {
  if (!listens()) fail(`${victim} does not answer before anything is broken`);
  const started = Date.now();
  console.log("fault: break");
  until(isGone, "died", duration / 3);
  died.add(1);
  sleep(Math.max(0, duration / 3 - (Date.now() - started) / 1000));
  if (!isGone()) fail(`${victim} came back before it was mended`);
  console.log("fault: mend");
  until(listens, "returned", 60);
  returned.add(1);
}
export const handleSummary = summaryOf("faults", seed);

const look = () => http.get(victim, { tags: { name: "victim" }, timeout: "5s" });
const isGone = () => look().error_code === CONNECTION_REFUSED;

/** A server says that it is ready; a database speaks no HTTP, but takes the connection. */
function listens() {
  const { status, error_code: error } = look();
  return status === 200 || (status === 0 && error !== CONNECTION_REFUSED);
}

function until(holds, what, limit) {
  const started = Date.now();
  while (!holds()) {
    if (Date.now() - started > 1000 * limit) fail(`${victim} has not ${what} within ${limit} s`);
    sleep(0.1);
  }
}
