// The target of the load and the common parameters.

import { secondsOf } from "./duration.js";

/** The base URL. */
export const target = (__ENV.TARGET || "http://127.0.0.1:8080").replace(/\/$/, "");

/** The admin listeners of the servers, separated by blanks in ADMIN; without them there are no server metrics. */
export const admins = (__ENV.ADMIN || "").split(" ").filter(Boolean);

export const rate = Number(__ENV.RATE || 500);
export const seconds = (name, byDefault) => secondsOf(__ENV[name] || byDefault);

/** Every script has its own seed; SEED changes the requests and their order. */
export const seedOf = (own) => Number(__ENV.SEED || own);

export const json = { headers: { "Content-Type": "application/json" } };
