import { Problem } from "../problem";
import { isObject } from "../question/json";
import { type Algorithm, importKey, isUsableFor, type PublicKey } from "./public-key";

const FRESH_MS = 600_000;
const MIN_INTERVAL_MS = 30_000;
const AFTER_FAILURE_MS = 2_000;
const MAX_OUTAGE_MS = 86_400_000;
const TIMEOUT_MS = 5_000;
/** The runtime may cancel the request of a look-up, whose promise then never settles. */
const ABANDONED_MS = 6_000;

/** Keeps the Worker alive for work after the response. */
export type WaitUntil = (work: Promise<unknown>) => void;

/** A key for verification and the generation of its key set. */
export type VerificationKey = { readonly key: CryptoKey; readonly generation: number };

type KeySet = { readonly keys: readonly PublicKey[]; readonly generation: number; readonly at: number };

/** The generation while there is no usable key set. */
const NO_GENERATION = 0;

/**
 * The cached public keys of one issuer, by the same rules as the server's `IssuerKeys.java`; both are tested on
 * `model-store/fixtures/issuer.json`. A key set is refreshed in the background after ten minutes, and at once when a
 * token names an unknown key (rotation). Concurrent tokens share one look-up. The next look-up starts no earlier than
 * 30 seconds after a success and two seconds after a failure; until then tokens get the outcome of the last. While
 * the issuer is down a key set stays usable for a day.
 *
 * Confined to one isolate; each has its own.
 */
export class Jwks {
  readonly #source: () => Promise<unknown>;
  readonly #now: () => number;
  #keySet: KeySet | undefined;
  #last: Promise<KeySet> | undefined;
  #lookUps = 0;
  #startedAt: number | undefined;
  #nextAt = Number.NEGATIVE_INFINITY;

  /** @param source fetches the JWKS document */
  constructor(source: () => Promise<unknown>, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  static at(url: string): Jwks {
    return new Jwks(
      () => fetchDocument(url),
      () => Date.now(),
    );
  }

  /** The key with this id and algorithm, if there is one; throws a problem 503 while the issuer is unreachable. */
  async keyFor(kid: string, algorithm: Algorithm, waitUntil: WaitUntil): Promise<VerificationKey | undefined> {
    let keySet = this.#usable(waitUntil);
    let jwk = keySet?.keys.find((key) => isUsableFor(key, kid, algorithm));
    if (keySet === undefined || jwk === undefined) {
      keySet = await withTimeout(this.#lookUp(waitUntil));
      jwk = keySet.keys.find((key) => isUsableFor(key, kid, algorithm));
    }
    const key = jwk && (await importKey(jwk, algorithm));
    return key && { key, generation: keySet.generation };
  }

  /** The generation of the usable key set; every change of the keys increases it. */
  generation(waitUntil: WaitUntil): number {
    return this.#usable(waitUntil)?.generation ?? NO_GENERATION;
  }

  #usable(waitUntil: WaitUntil): KeySet | undefined {
    const keySet = this.#keySet;
    const age = this.#now() - (keySet?.at ?? 0);
    if (keySet !== undefined && age >= FRESH_MS) {
      this.#lookUp(waitUntil);
    }
    return age > MAX_OUTAGE_MS ? undefined : keySet;
  }

  /** The look-up in flight, else the outcome of the last one until a new one is due, else a new one. */
  #lookUp(waitUntil: WaitUntil): Promise<KeySet> {
    const now = this.#now();
    const running = this.#startedAt !== undefined && now - this.#startedAt < ABANDONED_MS;
    if (this.#last !== undefined && (running || now < this.#nextAt)) {
      return this.#last;
    }
    this.#lookUps++;
    this.#startedAt = now;
    const started = this.#fetch(this.#lookUps);
    this.#last = started;
    waitUntil(started.catch(() => undefined));
    return started;
  }

  async #fetch(lookUp: number): Promise<KeySet> {
    let outcome: KeySet | undefined;
    try {
      outcome = this.#parse(await this.#source());
      return outcome;
    } catch (error) {
      console.error("the issuer's keys could not be fetched", error);
      throw error;
    } finally {
      // An abandoned look-up must not overwrite the outcome of a later one.
      if (lookUp === this.#lookUps) {
        this.#startedAt = undefined;
        this.#nextAt = this.#now() + (outcome === undefined ? AFTER_FAILURE_MS : MIN_INTERVAL_MS);
        this.#keySet = outcome ?? this.#keySet;
      }
    }
  }

  #parse(document: unknown): KeySet {
    if (!isObject(document) || !Array.isArray(document.keys)) {
      throw new Error("the document is no JWK set");
    }
    const keys = (document.keys as unknown[]).filter((key): key is PublicKey => isObject(key));
    const previous = this.#keySet;
    const changed = JSON.stringify(keys) !== JSON.stringify(previous?.keys);
    return { keys, generation: (previous?.generation ?? NO_GENERATION) + (changed ? 1 : 0), at: this.#now() };
  }
}

async function fetchDocument(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) {
    throw new Error(`status ${response.status}`);
  }
  return response.json();
}

/** Awaits a look-up with a timeout: the runtime may have cancelled it together with the request that started it. */
async function withTimeout(lookUp: Promise<KeySet>): Promise<KeySet> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("timeout")), ABANDONED_MS);
  });
  try {
    return await Promise.race([lookUp, timeout]);
  } catch {
    throw new Problem(503, "Issuer unavailable", "Tokens cannot be checked now.", { "Retry-After": "5" });
  } finally {
    clearTimeout(timer);
  }
}
