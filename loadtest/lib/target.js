// Who is asked, and how much.

import { secondsOf } from "./duration.js";

/** Where the questions go. */
export const target = (__ENV.TARGET || "http://127.0.0.1:8080").replace(/\/$/, "");

/** The admin listeners of the servers behind the target, separated by blanks; without them only what clients see is judged. */
export const admins = (__ENV.ADMIN || "").split(" ").filter(Boolean);

export const rate = Number(__ENV.RATE || 500);
export const seconds = (name, otherwise) => secondsOf(__ENV[name] || otherwise);

/** Every script names its seed; SEED asks other questions in another order. */
export const seedOf = (own) => Number(__ENV.SEED || own);

export const json = { headers: { "Content-Type": "application/json" } };
