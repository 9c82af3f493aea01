import { Recent } from "../recent";
import type { Live, Mode, Purges } from "./verdict";

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
  #memory = new Recent<Remembered>(MAX_REMEMBERED);

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
    this.#memory = new Recent(MAX_REMEMBERED);
  }

  /** The purges that concern an answer with these tags; read again when one is noted meanwhile. */
  async of(tags: readonly string[], now: number): Promise<Purges> {
    const soft = tags.map((tag) => `soft/${tag}`);
    const hard = tags.map((tag) => `hard/${tag}`);
    let memory: Recent<Remembered>;
    let known: ReadonlyMap<string, unknown>;
    do {
      memory = this.#memory;
      known = await this.#read([LIVE, ...soft, ...hard], now);
    } while (memory !== this.#memory);
    return {
      soft: times(known, soft),
      hard: times(known, hard),
      live: (known.get(LIVE) ?? undefined) as Live | undefined,
    };
  }

  /** What is noted under these keys. Held apart from the memory, which may forget any of them meanwhile. */
  async #read(keys: readonly string[], now: number): Promise<ReadonlyMap<string, unknown>> {
    const memory = this.#memory;
    const known = new Map<string, unknown>();
    const old: string[] = [];
    for (const key of keys) {
      const remembered = memory.get(key);
      if (remembered !== undefined && now - remembered.readAt <= MEMORY_MS) {
        known.set(key, remembered.value);
      } else {
        old.push(key);
      }
    }
    for (let from = 0; from < old.length; from += KEYS_PER_READ) {
      const some = old.slice(from, from + KEYS_PER_READ);
      const values = await this.#kv.get<unknown>(some, { type: "json", cacheTtl: KV_CACHE_SECONDS });
      for (const [key, value] of values) {
        known.set(key, value);
        memory.set(key, { value, readAt: now });
      }
    }
    return known;
  }

  #put(key: string, value: unknown): Promise<void> {
    return this.#kv.put(key, JSON.stringify(value), { expirationTtl: KEEP_SECONDS });
  }
}

function times(known: ReadonlyMap<string, unknown>, keys: readonly string[]): number[] {
  return keys.map((key) => known.get(key)).filter((time) => typeof time === "number");
}

const logs = new WeakMap<KVNamespace, PurgeLog>();

/** The one log of an isolate on that namespace. */
export function logOf(kv: KVNamespace): PurgeLog {
  const log = logs.get(kv) ?? new PurgeLog(kv);
  logs.set(kv, log);
  return log;
}
