import { type Lifetime, totalSeconds } from "./lifetime";

/** A response and its cache metadata. Immutable by convention: the body is never written. */
export type Entry = {
  readonly status: number;
  /** The origin's headers without the hop-by-hop and content-coding ones. */
  readonly headers: Headers;
  readonly body: ArrayBuffer;
  readonly metadata: EntryMetadata;
};

/** Times are milliseconds since 1970. */
export type EntryMetadata = {
  /** When the Worker sent the request to the origin; a purge concerns entries that were requested before it. */
  readonly requestedAt: number;
  /** The time of arrival minus the response's `Age`. */
  readonly generatedAt: number;
  readonly lifetime: Lifetime;
};

const METADATA_HEADER = "Hemline-Known";
const VARY_HEADER = "Hemline-Vary";
const UNSTORED_HEADERS = ["Content-Encoding", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Age"];

/** Buffers an origin response as an entry. */
export async function entryOf(
  response: Response,
  lifetime: Lifetime,
  requestedAt: number,
  now: number,
): Promise<Entry> {
  const age = Number(response.headers.get("Age") ?? 0);
  const headers = new Headers(response.headers);
  for (const name of UNSTORED_HEADERS) {
    headers.delete(name);
  }
  const metadata = { requestedAt, generatedAt: now - 1000 * (Number.isNaN(age) ? 0 : age), lifetime };
  return { status: response.status, headers, body: await response.arrayBuffer(), metadata };
}

/** The age in seconds. */
export function ageOf(entry: Entry, now: number): number {
  return Math.max(0, Math.floor((now - entry.metadata.generatedAt) / 1000));
}

/** The model version of the response, if it names one. */
export function versionOf(entry: Entry): string | undefined {
  return entry.headers.get("X-Model-Version") ?? undefined;
}

/** The tags that a purge can name. */
export function tagsOf(entry: Entry): string[] {
  const tags = entry.headers.get("Cache-Tag") ?? "";
  return tags === "" ? [] : tags.split(",").map((tag) => tag.trim());
}

/** The form of {@link EntryMetadata} in the Cache API, with the origin's `Cache-Control`. */
type StoredMetadata = {
  readonly askedAt: number;
  readonly bornAt: number;
  readonly lifetime: Lifetime;
  readonly original: string | null;
};

/** The entry for the Cache API, whose `max-age` is the longest use; the metadata are in a header. */
export function toStored(entry: Entry): Response {
  const headers = new Headers(entry.headers);
  const original = headers.get("Cache-Control");
  const { requestedAt: askedAt, generatedAt: bornAt, lifetime } = entry.metadata;
  headers.set(METADATA_HEADER, JSON.stringify({ askedAt, bornAt, lifetime, original } satisfies StoredMetadata));
  headers.set("Cache-Control", `public, max-age=${totalSeconds(entry.metadata.lifetime)}`);
  headers.delete("CDN-Cache-Control");
  headers.delete("Vary");
  headers.set(VARY_HEADER, entry.headers.get("Vary") ?? "");
  return new Response(entry.body, { status: entry.status, headers });
}

/** The entry of a response that {@link toStored} made. */
export async function fromStored(stored: Response): Promise<Entry> {
  const headers = new Headers(stored.headers);
  const { askedAt, bornAt, lifetime, original } = JSON.parse(headers.get(METADATA_HEADER) ?? "{}") as StoredMetadata;
  headers.set("Vary", headers.get(VARY_HEADER) ?? "");
  for (const name of [METADATA_HEADER, VARY_HEADER, "Age", "CF-Cache-Status", "Cache-Control"]) {
    headers.delete(name);
  }
  if (original !== null) {
    headers.set("Cache-Control", original);
  }
  const metadata = { requestedAt: askedAt, generatedAt: bornAt, lifetime };
  return { status: stored.status, headers, body: await stored.arrayBuffer(), metadata };
}
