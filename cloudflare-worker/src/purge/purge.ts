import type { Answer } from "../cache/cached";
import { readUpTo } from "../origin/body";
import { Problem, unauthenticated } from "../problem";
import { hasOnly, isObject, readJson } from "../question/json";
import type { Settings } from "../settings";
import type { Purge, PurgeLog } from "./log";
import { signedAt } from "./signature";

const MAX_BODY = 65_536;
const MAX_WORDS = 200;
/** The permitted lead of a signature, to the end of its second. */
const MAX_AHEAD_MS = 300_999;
const TAG = /^(model|version|market):[!-+\--~]{1,100}$/;
const VERSION = /^[!-~]{1,100}$/;

/** Verifies and records a signed purge: `{"tags": […], "mode": "soft"|"hard", "versions": […], "since": …}`. */
export async function answerPurge(request: Request, settings: Settings, log: PurgeLog, now: number): Promise<Answer> {
  if (settings.purgeSecret === undefined) {
    throw new Problem(503, "Purge not configured", "PURGE_SECRET is not set.", { "Retry-After": "60" });
  }
  const body = await readUpTo(request.body, MAX_BODY);
  if (body.rest !== undefined) {
    throw new Problem(413, "Body too large", `The body may have at most ${MAX_BODY} bytes.`);
  }
  const signed = await signedAt(request.headers.get("X-Hemline-Signature"), body.start, settings.purgeSecret, now);
  if (signed === undefined) {
    throw unauthenticated("X-Hemline-Signature is missing, wrong, or not of the last or next five minutes.");
  }
  const purge = readPurge(readJson(body.start), signed, now);
  try {
    await log.record(purge, now);
  } catch (error) {
    console.error("a purge could not be recorded", error);
    throw new Problem(503, "Purge not recorded", "Send it again.", { "Retry-After": "1" });
  }
  const response = Response.json({ purged: purge.tags, mode: purge.mode, versions: purge.versions });
  response.headers.set("Cache-Control", "no-store");
  return { response, age: 0, status: undefined };
}

function readPurge(value: unknown, signed: number, now: number): Purge {
  if (!isObject(value) || !hasOnly(value, ["tags", "mode", "versions", "since"])) {
    throw invalid("An object of tags, mode, versions and since, each once.");
  }
  const { tags, mode, versions, since = signed * 1000 + 999 } = value;
  if (!isWords(tags, TAG)) {
    throw invalid(`tags: 1 to ${MAX_WORDS} of model:NAME, version:NAME, market:NAME.`);
  }
  if (mode !== "soft" && mode !== "hard") {
    throw invalid("mode: soft or hard.");
  }
  if (!isWords(versions, VERSION)) {
    throw invalid(`versions: the 1 to ${MAX_WORDS} versions that are live now.`);
  }
  if (typeof since !== "number" || !Number.isInteger(since) || since < 0 || since > now + MAX_AHEAD_MS) {
    throw invalid("since: the millisecond since 1970 in which these versions became live, at most five minutes ahead.");
  }
  return { tags, mode, versions, since };
}

function isWords(value: unknown, form: RegExp): value is string[] {
  const listed = Array.isArray(value) && value.length >= 1 && value.length <= MAX_WORDS;
  return listed && value.every((word: unknown) => typeof word === "string" && form.test(word));
}

function invalid(detail: string): Problem {
  return new Problem(422, "Invalid purge", detail);
}
