import { LruMap } from "../lru-map";
import type { Live, Mode, Purges } from "./verdict";

/** The TTL of KV's cache in each location; its minimum is 30 s. */
const KV_CACHE_SECONDS = 30;
/** The TTL of an isolate's own cache of KV. */
const LOCAL_CACHE_MS = 5_000;
/** The expiry of a record in KV, longer than any entry lives. */
const KEEP_SECONDS = 7_200;
const KEYS_PER_READ = 100;
const MAX_CACHED = 1000;
const LIVE = "live";

/** A purge request. */
export type Purge = {
  readonly tags: readonly string[];
  readonly mode: Mode;
  /** The versions that are live at the sender, and since when, in milliseconds since 1970. */
  readonly versions: readonly string[];
  readonly since: number;
};

type CachedValue = { readonly value: unknown; readonly readAt: number };

/**
 * The log of purges in KV. Each pair of mode and tag has its own key, whose value is the time of the last purge, so
 * concurrent purges of different tags never overwrite each other.
 *
 * Confined to one isolate; each has its own cache of KV.
 */
export class PurgeLog {
  readonly #kv: KVNamespace;
  /** A purge replaces it by an empty one, so that no earlier read survives. */
  #cache = new LruMap<CachedValue>(MAX_CACHED);

  constructor(kv: KVNamespace) {
    this.#kv = kv;
  }

  /** Records a purge. The live versions of a sender that swapped earlier do not replace those of a later one. */
  async record({ tags, mode, versions, since }: Purge, now: number): Promise<void> {
    const last = await this.#kv.get<Live>(LIVE, "json");
    if (last === null || !(last.since > since)) {
      // Before the tags: a concurrent reader that sees the purge of a tag must see the new live versions too.
      await this.#put(LIVE, { versions, mode, since, at: now } satisfies Live);
    }
    await Promise.all(tags.map((tag) => this.#put(`${mode}/${tag}`, now)));
    this.#cache = new LruMap(MAX_CACHED);
  }

  /** The purges of these tags; reads again if a purge arrives meanwhile. */
  async purgesOf(tags: readonly string[], now: number): Promise<Purges> {
    const soft = tags.map((tag) => `soft/${tag}`);
    const hard = tags.map((tag) => `hard/${tag}`);
    let cache: LruMap<CachedValue>;
    let values: ReadonlyMap<string, unknown>;
    do {
      cache = this.#cache;
      values = await this.#read([LIVE, ...soft, ...hard], now);
    } while (cache !== this.#cache);
    return {
      soft: times(values, soft),
      hard: times(values, hard),
      live: (values.get(LIVE) ?? undefined) as Live | undefined,
    };
  }

  /** The values of these keys, in a map of their own since the cache may evict any of them meanwhile. */
  async #read(keys: readonly string[], now: number): Promise<ReadonlyMap<string, unknown>> {
    const cache = this.#cache;
    const values = new Map<string, unknown>();
    const missing: string[] = [];
    for (const key of keys) {
      const cached = cache.get(key);
      if (cached !== undefined && now - cached.readAt <= LOCAL_CACHE_MS) {
        values.set(key, cached.value);
      } else {
        missing.push(key);
      }
    }
    for (let from = 0; from < missing.length; from += KEYS_PER_READ) {
      const page = missing.slice(from, from + KEYS_PER_READ);
      const read = await this.#kv.get<unknown>(page, { type: "json", cacheTtl: KV_CACHE_SECONDS });
      for (const [key, value] of read) {
        values.set(key, value);
        cache.set(key, { value, readAt: now });
      }
    }
    return values;
  }

  #put(key: string, value: unknown): Promise<void> {
    return this.#kv.put(key, JSON.stringify(value), { expirationTtl: KEEP_SECONDS });
  }
}

function times(values: ReadonlyMap<string, unknown>, keys: readonly string[]): number[] {
  return keys.map((key) => values.get(key)).filter((time) => typeof time === "number");
}

const logs = new WeakMap<KVNamespace, PurgeLog>();

/** The isolate's log on a namespace. */
export function logOf(kv: KVNamespace): PurgeLog {
  const log = logs.get(kv) ?? new PurgeLog(kv);
  logs.set(kv, log);
  return log;
}
