// Durations are parsed as by k6, and other texts refused. Run by e2e/test_edge_load.py.

import { check } from "k6";
import { secondsOf } from "./duration.js";

const READ = {
  "30s": 30,
  "90s": 90,
  "5m": 300,
  "1h": 3600,
  "1h2m3.5s": 3723.5,
  "500ms": 0.5,
  "1.5h": 5400,
  ".5s": 0.5,
  "5.s": 5,
  "0s": 0,
  "1d": 86400,
  "1d12h": 129600,
  "1m1m": 120,
  "3s2m": 123,
  "1m30s500ms": 90.5,
  "250us": 0.00025,
  "250µs": 0.00025,
  "250μs": 0.00025,
  "1000000ns": 0.001,
};
const REFUSED = [
  "",
  "30",
  "0.5",
  "5M",
  "1w",
  "5 m",
  "1h 2m",
  "s",
  "-5s",
  "1e3s",
  "2h1d",
  "1.5d",
  "5m\n",
  "five minutes",
];

export const options = { thresholds: { checks: ["rate==1", "rate>0"] } };

export default function () {
  for (const [text, seconds] of Object.entries(READ)) {
    check(text, { [`${text} is ${seconds} s`]: () => Math.abs(read(text) - seconds) < 1e-9 });
  }
  for (const text of REFUSED)
    check(text, { [`"${text}" is refused and named`]: () => `${read(text)}`.includes(`"${text}"`) });
}

/** The seconds or the error message: k6 passes an iteration that throws. */
function read(text) {
  try {
    return secondsOf(text);
  } catch (error) {
    return error.message;
  }
}
