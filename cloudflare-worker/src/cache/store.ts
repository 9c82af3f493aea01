import { type Entry, fromStored, toStored } from "./entry";

const NAME = "forecasts";

/** The entry under an address in this Cloudflare location. */
export async function readEntry(url: string): Promise<Entry | undefined> {
  const cache = await caches.open(NAME);
  const stored = await cache.match(url);
  return stored === undefined ? undefined : fromStored(stored);
}

/** Keeps an entry, unless one is there that was asked for later: a slow answer never replaces a newer one. */
export async function writeEntry(url: string, entry: Entry): Promise<void> {
  const present = await readEntry(url);
  if (present !== undefined && present.known.askedAt > entry.known.askedAt) {
    return;
  }
  const cache = await caches.open(NAME);
  await cache.put(url, toStored(entry));
}
