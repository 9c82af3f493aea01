import { hexOf } from "../bytes";
import { questionBytes } from "../question/layout";
import type { Question } from "../question/question";
import { type Entry, fromStored, toStored } from "./entry";

const NAME = "forecasts";

/**
 * The cache URL of a question: its SHA-256 on the requested host, since the Cache API wants a URL of the zone. All
 * clients share entries, so the client is not part of it; `Origin` is, because CORS headers may repeat it.
 */
export async function cacheUrl(question: Question, host: string, origin: string | null): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", questionBytes(question));
  const suffix = origin === null ? "" : `?origin=${encodeURIComponent(origin)}`;
  return `https://${host}/__forecasts/${hexOf(digest)}${suffix}`;
}

/** The entry at a cache URL in this Cloudflare location. */
export async function readEntry(url: string): Promise<Entry | undefined> {
  const cache = await caches.open(NAME);
  const stored = await cache.match(url);
  return stored === undefined ? undefined : fromStored(stored);
}

/** Stores an entry unless the present one was requested later: a slow response never replaces a newer one. */
export async function writeEntry(url: string, entry: Entry): Promise<void> {
  const present = await readEntry(url);
  if (present !== undefined && present.metadata.requestedAt > entry.metadata.requestedAt) {
    return;
  }
  const cache = await caches.open(NAME);
  await cache.put(url, toStored(entry));
}
