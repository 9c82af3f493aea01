import { type Lifetime, longest } from "./lifetime";

/** An answer and what the cache knows of it. Immutable by convention: the body is never written. */
export type Entry = {
  readonly status: number;
  /** As the origin sent them, without what describes the bytes on the wire. */
  readonly headers: Headers;
  readonly body: ArrayBuffer;
  readonly known: Known;
};

/** Times are milliseconds since 1970. */
export type Known = {
  /** When the origin was asked: what was purged later does not concern an older answer's successor. */
  readonly askedAt: number;
  /** When the answer was new: when it came, less the age that it came with. */
  readonly bornAt: number;
  readonly lifetime: Lifetime;
};

const KNOWN = "Hemline-Known";
const WIRE = ["Content-Encoding", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Age"];

/** The origin's answer, read whole, as an entry. */
export async function entryOf(response: Response, lifetime: Lifetime, askedAt: number, now: number): Promise<Entry> {
  const age = Number(response.headers.get("Age") ?? 0);
  const headers = new Headers(response.headers);
  for (const name of WIRE) {
    headers.delete(name);
  }
  const known = { askedAt, bornAt: now - 1000 * (Number.isNaN(age) ? 0 : age), lifetime };
  return { status: response.status, headers, body: await response.arrayBuffer(), known };
}

/** The seconds since the answer was new. */
export function ageOf(entry: Entry, now: number): number {
  return Math.max(0, Math.floor((now - entry.known.bornAt) / 1000));
}

/** The model version that answered; `undefined` for an answer without one. */
export function versionOf(entry: Entry): string | undefined {
  return entry.headers.get("X-Model-Version") ?? undefined;
}

/** What the answer can be purged by. */
export function tagsOf(entry: Entry): string[] {
  const tags = entry.headers.get("Cache-Tag") ?? "";
  return tags === "" ? [] : tags.split(",").map((tag) => tag.trim());
}

/** The entry as the Cache API keeps it: as long as it can be of use, with the lifetimes on the inside. */
export function toStored(entry: Entry): Response {
  const headers = new Headers(entry.headers);
  const original = headers.get("Cache-Control");
  headers.set(KNOWN, JSON.stringify({ ...entry.known, original }));
  headers.set("Cache-Control", `public, max-age=${longest(entry.known.lifetime)}`);
  headers.delete("CDN-Cache-Control");
  headers.delete("Vary");
  headers.set("Hemline-Vary", entry.headers.get("Vary") ?? "");
  return new Response(entry.body, { status: entry.status, headers });
}

/** The entry that was kept. */
export async function fromStored(stored: Response): Promise<Entry> {
  const headers = new Headers(stored.headers);
  const { original, ...known } = JSON.parse(headers.get(KNOWN) ?? "{}") as Known & { original: string | null };
  headers.set("Vary", headers.get("Hemline-Vary") ?? "");
  for (const name of [KNOWN, "Hemline-Vary", "Age", "CF-Cache-Status", "Cache-Control"]) {
    headers.delete(name);
  }
  if (original !== null) {
    headers.set("Cache-Control", original);
  }
  return { status: stored.status, headers, body: await stored.arrayBuffer(), known };
}
