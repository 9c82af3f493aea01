import { forward, type OriginRequest, without } from "../origin/origin";
import type { PurgeLog } from "../purge/log";
import { isLive, isSettling, type Purges, type PurgeVerdict, verdictOn } from "../purge/verdict";
import type { Settings } from "../settings";
import { ageOf, type Entry, entryOf, tagsOf, versionOf } from "./entry";
import { lifetimeOf, type State, stateAt } from "./lifetime";
import { Refreshes } from "./refreshes";
import type { CacheStatus } from "./status";
import { readEntry, writeEntry } from "./store";

/** A response, its age in seconds and the cache's part in it; `status` is undefined where the cache took no part. */
export type Answer = { readonly response: Response; readonly age: number; readonly status: CacheStatus | undefined };

/** The dependencies of the cache for one request. */
export type RequestContext = {
  readonly settings: Settings;
  readonly log: PurgeLog;
  readonly now: () => number;
  /** Keeps the Worker alive for work after the response. */
  readonly waitUntil: (work: Promise<unknown>) => void;
};

type Fetched = { readonly response: Response; readonly entry: Entry | undefined; readonly live: boolean };

const ZERO_LIFETIME = { ifError: 0, whileRevalidate: 0, fresh: 0 };
const refreshes = new Refreshes();

/** Answers from the entry at `url`, or from the origin. */
export async function answerCached(
  url: string,
  originRequest: OriginRequest,
  context: RequestContext,
): Promise<Answer> {
  const found = await readEntry(url);
  const purges = await purgesOf(found, context);
  if (purges === undefined) {
    return bypass(originRequest, context.settings, "purges-unknown");
  }
  const verdict = found === undefined ? "gone" : verdictOn(found.metadata.requestedAt, versionOf(found), purges);
  const entry = verdict === "gone" ? undefined : found;
  const state = entry === undefined ? "expired" : stateUnder(verdict, entry, context.now());
  const refetch = {
    url,
    entry,
    bypassLowerCaches: (found !== undefined && verdict !== "keep") || isSettling(purges, context.now()),
  };
  if (entry !== undefined && state === "fresh") {
    return hit(entry, context);
  }
  if (entry !== undefined && state === "while-revalidate") {
    const unhurried = { ...originRequest, headers: without("X-Request-Timeout-Ms", originRequest.headers) };
    const refresh = () => fetchAndStore(refetch, unhurried, purges, context);
    context.waitUntil(refreshes.once(url, context.now(), refresh));
    return hit(entry, context, "stale-while-revalidate");
  }
  return fetchOrStale(refetch, originRequest, purges, state === "if-error" ? entry : undefined, context);
}

/** Forwards a request without reading or writing the cache. */
export async function bypass(originRequest: OriginRequest, settings: Settings, detail?: string): Promise<Answer> {
  const response = await forward(originRequest, settings);
  const status = { kind: "forwarded", reason: "bypass", status: response.status, stored: false } as const;
  return { response, age: 0, status: { ...status, ...(detail && { detail }) } };
}

/** The purges that concern an entry; `undefined` when KV cannot be read, and then no entry is used. */
async function purgesOf(found: Entry | undefined, context: RequestContext): Promise<Purges | undefined> {
  try {
    return await context.log.purgesOf(found === undefined ? [] : tagsOf(found), context.now());
  } catch (error) {
    console.error("the purge log could not be read", error);
    return undefined;
  }
}

type Refetch = { readonly url: string; readonly entry: Entry | undefined; readonly bypassLowerCaches: boolean };

/** A soft purge makes a fresh entry stale-while-revalidate. */
function stateUnder(verdict: PurgeVerdict, entry: Entry, now: number): State {
  const state = stateAt(ageOf(entry, now), entry.metadata.lifetime);
  return verdict === "stale" && state === "fresh" ? "while-revalidate" : state;
}

function hit(entry: Entry, context: RequestContext, detail?: "stale-while-revalidate" | "stale-if-error"): Answer {
  const age = ageOf(entry, context.now());
  const status: CacheStatus = { kind: "hit", ttl: entry.metadata.lifetime.fresh - age, ...(detail && { detail }) };
  return { response: responseOf(entry), age, status };
}

/** Asks the origin; uses `fallback` when the origin fails or answers with a version that is no longer live. */
async function fetchOrStale(
  refetch: Refetch,
  originRequest: OriginRequest,
  purges: Purges,
  fallback: Entry | undefined,
  context: RequestContext,
): Promise<Answer> {
  let fetched: Fetched;
  try {
    fetched = await fetchAndStore(refetch, originRequest, purges, context);
  } catch (error) {
    if (fallback !== undefined) {
      return hit(fallback, context, "stale-if-error");
    }
    throw error;
  }
  const { response, entry, live } = fetched;
  if (fallback !== undefined && (response.status >= 500 || (!live && isLive(versionOf(fallback), purges)))) {
    return hit(fallback, context, "stale-if-error");
  }
  if (!live) {
    const stored = await readEntry(refetch.url);
    if (stored !== undefined && stored.metadata.requestedAt >= purgedAt(purges) && isLive(versionOf(stored), purges)) {
      return hit(stored, context);
    }
    response.headers.set("Cache-Control", "no-store");
  }
  const reason = refetch.entry === undefined ? "miss" : "stale";
  const detail = live ? {} : { detail: "version-not-live" };
  const status: CacheStatus = {
    kind: "forwarded",
    reason,
    status: response.status,
    stored: entry !== undefined && live,
    ...detail,
  };
  return { response, age: entry === undefined ? 0 : ageOf(entry, context.now()), status };
}

/** When the purge that named the live versions arrived; another request may have stored a newer entry since. */
function purgedAt(purges: Purges): number {
  return purges.live?.at ?? 0;
}

/** Asks the origin and stores a cacheable response in this location. */
async function fetchAndStore(
  refetch: Refetch,
  originRequest: OriginRequest,
  purges: Purges,
  context: RequestContext,
): Promise<Fetched> {
  const { url, entry: old } = refetch;
  const requestedAt = context.now();
  const headers = new Headers(originRequest.headers);
  const tag = old?.headers.get("ETag");
  if (tag) {
    headers.set("If-None-Match", tag);
  }
  if (refetch.bypassLowerCaches) {
    headers.set("Cache-Control", "no-cache");
  }
  const received = await forward({ ...originRequest, headers }, context.settings);
  const response = received.status === 304 && old !== undefined ? revalidated(old, received) : received;
  const lifetime = lifetimeOf(response.status, response.headers);
  const entry = await entryOf(response, lifetime ?? ZERO_LIFETIME, requestedAt, context.now());
  const live = isLive(versionOf(entry), purges);
  if (lifetime === undefined) {
    return { response: responseOf(entry), entry: undefined, live };
  }
  if (live) {
    const written = writeEntry(url, entry);
    context.waitUntil(written);
    if (isSettling(purges, context.now())) {
      // While replicas differ, the next request must find this entry, or a replica could send an older version.
      await written.catch(() => undefined);
    }
  }
  return { response: responseOf(entry), entry, live };
}

/** The stored body under the headers of a 304 response (RFC 9111, section 4.3.4). */
function revalidated(old: Entry, notModified: Response): Response {
  const headers = new Headers(old.headers);
  for (const [name, value] of notModified.headers) {
    headers.set(name, value);
  }
  return new Response(old.body, { status: old.status, headers });
}

function responseOf(entry: Entry): Response {
  const headers = new Headers(entry.headers);
  headers.delete("CDN-Cache-Control");
  return new Response(entry.body, { status: entry.status, headers });
}
