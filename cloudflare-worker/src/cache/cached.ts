import { forward, type OriginRequest, without } from "../origin/origin";
import type { PurgeLog } from "../purge/log";
import { isLive, isSettling, type Purges, type PurgeVerdict, verdictOn } from "../purge/verdict";
import type { Settings } from "../settings";
import { ageOf, type Entry, entryOf, tagsOf, versionOf } from "./entry";
import { lifetimeOf, type State, stateAt } from "./lifetime";
import { Refreshes } from "./refreshes";
import type { Status } from "./status";
import { readEntry, writeEntry } from "./store";

/** What is answered, and how the cache came by it; no status where it was not asked. */
export type Answer = { readonly response: Response; readonly age: number; readonly status: Status | undefined };

/** What the cache works with. */
export type RequestContext = {
  readonly settings: Settings;
  readonly log: PurgeLog;
  readonly now: () => number;
  /** Goes on after the answer was sent. */
  readonly waitUntil: (work: Promise<unknown>) => void;
};

type Fetched = { readonly response: Response; readonly entry: Entry | undefined; readonly live: boolean };

const NOTHING_STALE = { ifError: 0, whileRevalidate: 0, fresh: 0 };
const refreshes = new Refreshes();

/** The answer to a question that is kept under that address. */
export async function answerCached(
  url: string,
  originRequest: OriginRequest,
  context: RequestContext,
): Promise<Answer> {
  const found = await readEntry(url);
  const purges = await purgesOf(found, context);
  if (purges === undefined) {
    return passed(originRequest, context.settings, "purges-unknown");
  }
  const verdict = found === undefined ? "gone" : verdictOn(found.known.askedAt, versionOf(found), purges);
  const entry = verdict === "gone" ? undefined : found;
  const state = entry === undefined ? "expired" : stateUnder(verdict, entry, context.now());
  const refetch = {
    url,
    entry,
    passBy: (found !== undefined && verdict !== "keep") || isSettling(purges, context.now()),
  };
  if (entry !== undefined && state === "fresh") {
    return hit(entry, context);
  }
  if (entry !== undefined && state === "while-revalidate") {
    const asking = { ...originRequest, headers: without("X-Request-Timeout-Ms", originRequest.headers) };
    const refresh = () => fetchAndKeep(refetch, asking, purges, context);
    context.waitUntil(refreshes.once(url, context.now(), refresh));
    return hit(entry, context, "stale-while-revalidate");
  }
  return fetchOrStale(refetch, originRequest, purges, state === "if-error" ? entry : undefined, context);
}

/** Passes by the cache. */
export async function passed(originRequest: OriginRequest, settings: Settings, detail?: string): Promise<Answer> {
  const response = await forward(originRequest, settings);
  const status = { kind: "forwarded", because: "bypass", status: response.status, stored: false } as const;
  return { response, age: 0, status: { ...status, ...(detail && { detail }) } };
}

/** The purges that concern an entry; `undefined` when they cannot be known, and then nothing kept is to be trusted. */
async function purgesOf(found: Entry | undefined, context: RequestContext): Promise<Purges | undefined> {
  try {
    return await context.log.of(found === undefined ? [] : tagsOf(found), context.now());
  } catch (error) {
    console.error("the record of purges could not be read", error);
    return undefined;
  }
}

type Refetch = { readonly url: string; readonly entry: Entry | undefined; readonly passBy: boolean };

/** Softly purged is as stale as can be while there is still something to be refreshed. */
function stateUnder(verdict: PurgeVerdict, entry: Entry, now: number): State {
  const state = stateAt(ageOf(entry, now), entry.known.lifetime);
  return verdict === "stale" && state === "fresh" ? "while-revalidate" : state;
}

function hit(entry: Entry, context: RequestContext, detail?: "stale-while-revalidate" | "stale-if-error"): Answer {
  const age = ageOf(entry, context.now());
  const status: Status = { kind: "hit", ttl: entry.known.lifetime.fresh - age, ...(detail && { detail }) };
  return { response: responseOf(entry), age, status };
}

/** Asks the origin, and falls back on what is left when that fails or answers with a version that is no longer live. */
async function fetchOrStale(
  refetch: Refetch,
  originRequest: OriginRequest,
  purges: Purges,
  spare: Entry | undefined,
  context: RequestContext,
): Promise<Answer> {
  let fetched: Fetched;
  try {
    fetched = await fetchAndKeep(refetch, originRequest, purges, context);
  } catch (error) {
    if (spare !== undefined) {
      return hit(spare, context, "stale-if-error");
    }
    throw error;
  }
  const { response, entry, live } = fetched;
  if (spare !== undefined && (response.status >= 500 || (!live && isLive(versionOf(spare), purges)))) {
    return hit(spare, context, "stale-if-error");
  }
  if (!live) {
    const kept = await readEntry(refetch.url);
    if (kept !== undefined && kept.known.askedAt >= purgedAt(purges) && isLive(versionOf(kept), purges)) {
      return hit(kept, context);
    }
    response.headers.set("Cache-Control", "no-store");
  }
  const because = refetch.entry === undefined ? "miss" : "stale";
  const detail = live ? {} : { detail: "version-not-live" };
  const status: Status = {
    kind: "forwarded",
    because,
    status: response.status,
    stored: entry !== undefined && live,
    ...detail,
  };
  return { response, age: entry === undefined ? 0 : ageOf(entry, context.now()), status };
}

/** When the versions that are live now were named; an answer asked for since may have come while we waited for ours. */
function purgedAt(purges: Purges): number {
  return purges.live?.at ?? 0;
}

/** Asks the origin and keeps the answer in this location if it may be kept. */
async function fetchAndKeep(
  refetch: Refetch,
  originRequest: OriginRequest,
  purges: Purges,
  context: RequestContext,
): Promise<Fetched> {
  const { url, entry: old } = refetch;
  const askedAt = context.now();
  const headers = new Headers(originRequest.headers);
  const tag = old?.headers.get("ETag");
  if (tag) {
    headers.set("If-None-Match", tag);
  }
  if (refetch.passBy) {
    headers.set("Cache-Control", "no-cache");
  }
  const answered = await forward({ ...originRequest, headers }, context.settings);
  const response = answered.status === 304 && old !== undefined ? revalidated(old, answered) : answered;
  const lifetime = lifetimeOf(response.status, response.headers);
  const entry = await entryOf(response, lifetime ?? NOTHING_STALE, askedAt, context.now());
  const live = isLive(versionOf(entry), purges);
  if (lifetime === undefined) {
    return { response: responseOf(entry), entry: undefined, live };
  }
  if (live) {
    const written = writeEntry(url, entry);
    context.waitUntil(written);
    if (isSettling(purges, context.now())) {
      // While replicas differ, what one client has seen the next question must find, or it could be answered by an older version.
      await written.catch(() => undefined);
    }
  }
  return { response: responseOf(entry), entry, live };
}

/** The old body under the headers of the answer that calls it still right (RFC 9111, section 4.3.4). */
function revalidated(old: Entry, answer: Response): Response {
  const headers = new Headers(old.headers);
  for (const [name, value] of answer.headers) {
    headers.set(name, value);
  }
  return new Response(old.body, { status: old.status, headers });
}

function responseOf(entry: Entry): Response {
  const headers = new Headers(entry.headers);
  headers.delete("CDN-Cache-Control");
  return new Response(entry.body, { status: entry.status, headers });
}
