import type { Live, Mode, Purges } from "./ruling";

/** KV's own cache in each location; 30 s is the least that it allows. */
const KV_CACHE_SECONDS = 30;
/** How long an isolate believes what it read, so that a busy one reads rarely. */
const MEMORY_MS = 5_000;
/** Longer than any answer is of use, so that records of purges go by themselves. */
const KEEP_SECONDS = 7_200;
const KEYS_PER_READ = 100;
const MAX_REMEMBERED = 1000;
const LIVE = "live";

/** What is purged. */
export type Purge = { readonly tags: readonly string[]; readonly mode: Mode; readonly versions: readonly string[] };

type Remembered = { readonly value: unknown; readonly readAt: number };

/**
 * The record of purges in KV. Each tag and mode has a key of its own whose value is the time of its last purge, a
 * generation number: two purges at once never overwrite each other, and the later of two equal ones is right.
 *
 * Confined to one isolate; each has its own memory of what it read.
 */
export class PurgeLog {
  readonly #kv: KVNamespace;
  readonly #memory = new Map<string, Remembered>();

  constructor(kv: KVNamespace) {
    this.#kv = kv;
  }

  /** Notes a purge. An older one that comes late does not bring back the versions it calls live. */
  async record(purge: Purge, signedAt: number, now: number): Promise<void> {
    this.#memory.clear();
    const last = await this.#kv.get<Live>(LIVE, "json");
    const puts = purge.tags.map((tag) => this.#put(`${purge.mode}/${tag}`, now));
    if (last === null || last.signedAt <= signedAt) {
      puts.push(this.#put(LIVE, { versions: purge.versions, mode: purge.mode, signedAt, at: now } satisfies Live));
    }
    await Promise.all(puts);
    this.#memory.clear();
  }

  /** The purges that concern an answer with these tags. */
  async of(tags: readonly string[], now: number): Promise<Purges> {
    const soft = tags.map((tag) => `soft/${tag}`);
    const hard = tags.map((tag) => `hard/${tag}`);
    await this.#read([LIVE, ...soft, ...hard], now);
    return { soft: this.#times(soft), hard: this.#times(hard), live: this.#value<Live>(LIVE) };
  }

  async #read(keys: readonly string[], now: number): Promise<void> {
    const old = keys.filter((key) => now - (this.#memory.get(key)?.readAt ?? Number.NEGATIVE_INFINITY) > MEMORY_MS);
    if (this.#memory.size > MAX_REMEMBERED) {
      this.#memory.clear();
    }
    for (let from = 0; from < old.length; from += KEYS_PER_READ) {
      const some = old.slice(from, from + KEYS_PER_READ);
      const values = await this.#kv.get<unknown>(some, { type: "json", cacheTtl: KV_CACHE_SECONDS });
      for (const [key, value] of values) {
        this.#memory.set(key, { value, readAt: now });
      }
    }
  }

  #times(keys: readonly string[]): number[] {
    return keys.map((key) => this.#value<number>(key)).filter((time) => time !== undefined);
  }

  #value<T>(key: string): T | undefined {
    return (this.#memory.get(key)?.value ?? undefined) as T | undefined;
  }

  #put(key: string, value: unknown): Promise<void> {
    return this.#kv.put(key, JSON.stringify(value), { expirationTtl: KEEP_SECONDS });
  }
}

const logs = new WeakMap<KVNamespace, PurgeLog>();

/** The one log of an isolate on that namespace. */
export function logOf(kv: KVNamespace): PurgeLog {
  const log = logs.get(kv) ?? new PurgeLog(kv);
  logs.set(kv, log);
  return log;
}
