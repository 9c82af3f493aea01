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
export type Purge = {
  readonly tags: readonly string[];
  readonly mode: Mode;
  /** Those that are live where the purge comes from, since that millisecond. */
  readonly versions: readonly string[];
  readonly since: number;
};

type Remembered = { readonly value: unknown; readonly readAt: number };

/**
 * The record of purges in KV. Each tag and mode has a key of its own whose value is the time of its last purge, a
 * generation number: two purges at once never overwrite each other, and the later of two equal ones is right.
 *
 * Confined to one isolate; each has its own memory of what it read.
 */
export class PurgeLog {
  readonly #kv: KVNamespace;
  /** Replaced by an empty one when a purge is noted, so that a reading from before it is remembered no more. */
  #memory = new Map<string, Remembered>();

  constructor(kv: KVNamespace) {
    this.#kv = kv;
  }

  /** Notes a purge. A replica that has yet to swap does not bring back the versions that it calls live. */
  async record({ tags, mode, versions, since }: Purge, now: number): Promise<void> {
    const last = await this.#kv.get<Live>(LIVE, "json");
    if (last === null || !(last.since > since)) {
      // Before the tags: who reads in between must not take a version for live whose successor he has just seen.
      await this.#put(LIVE, { versions, mode, since, at: now } satisfies Live);
    }
    await Promise.all(tags.map((tag) => this.#put(`${mode}/${tag}`, now)));
    this.#memory = new Map();
  }

  /** The purges that concern an answer with these tags; read again when one is noted meanwhile. */
  async of(tags: readonly string[], now: number): Promise<Purges> {
    const soft = tags.map((tag) => `soft/${tag}`);
    const hard = tags.map((tag) => `hard/${tag}`);
    let memory: ReadonlyMap<string, Remembered>;
    do {
      memory = this.#memory;
      await this.#read([LIVE, ...soft, ...hard], now);
    } while (memory !== this.#memory);
    return { soft: this.#times(soft), hard: this.#times(hard), live: this.#value<Live>(LIVE) };
  }

  async #read(keys: readonly string[], now: number): Promise<void> {
    const memory = this.#memory;
    const old = keys.filter((key) => now - (memory.get(key)?.readAt ?? Number.NEGATIVE_INFINITY) > MEMORY_MS);
    if (memory.size > MAX_REMEMBERED) {
      memory.clear();
    }
    for (let from = 0; from < old.length; from += KEYS_PER_READ) {
      const some = old.slice(from, from + KEYS_PER_READ);
      const values = await this.#kv.get<unknown>(some, { type: "json", cacheTtl: KV_CACHE_SECONDS });
      for (const [key, value] of values) {
        memory.set(key, { value, readAt: now });
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
