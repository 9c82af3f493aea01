import { Problem } from "../problem";
import { isObject } from "../question/item";
import { type Algorithm, imported, isOf, type PublicKey } from "./public-key";

const FRESH_MS = 600_000;
const BETWEEN_MS = 30_000;
const AFTER_FAILURE_MS = 2_000;
const OUTAGE_MS = 86_400_000;
const TIMEOUT_MS = 5_000;
/** A look-up whose request the runtime has ended may never settle. */
const GIVEN_UP_MS = 6_000;

/** Goes on after the answer was sent, also when the client has gone. */
export type WaitUntil = (work: Promise<unknown>) => void;

/** The key that can have made a signature, and which set it is of. */
export type Found = { readonly key: CryptoKey; readonly generation: number };

type Kept = { readonly keys: readonly PublicKey[]; readonly generation: number; readonly at: number };

/** The generation while no keys are in force. */
const NONE = 0;

/**
 * The public keys of one issuer, kept and looked up again by the same rules as the server's (`IssuerKeys.java`), held to
 * `model-store/fixtures/issuer.json`: after ten minutes in the background, and at once when a token names a key that is
 * not among them (rotation). One look-up at a time, which all such tokens wait for; the next one 30 seconds after a set,
 * two after a failure, and in between they get the outcome of the last. While the issuer is down the set that is kept
 * stays in force for a day.
 *
 * Confined to one isolate; each has its own.
 */
export class Jwks {
  readonly #source: () => Promise<unknown>;
  readonly #now: () => number;
  #kept: Kept | undefined;
  #last: Promise<Kept> | undefined;
  #lookUps = 0;
  #startedAt: number | undefined;
  #nextAt = Number.NEGATIVE_INFINITY;

  /** Keys of the document that `source` fetches. */
  constructor(source: () => Promise<unknown>, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  static at(url: string): Jwks {
    return new Jwks(
      () => fetched(url),
      () => Date.now(),
    );
  }

  /** The key of that name for that algorithm; `undefined` when the issuer has none. A problem 503 when that cannot be known. */
  async keyFor(kid: string, algorithm: Algorithm, waitUntil: WaitUntil): Promise<Found | undefined> {
    let kept = this.#inForce(waitUntil);
    let jwk = kept?.keys.find((key) => isOf(key, kid, algorithm));
    if (kept === undefined || jwk === undefined) {
      kept = await inTime(this.#lookUp(waitUntil));
      jwk = kept.keys.find((key) => isOf(key, kid, algorithm));
    }
    const key = jwk && (await imported(jwk, algorithm));
    return key && { key, generation: kept.generation };
  }

  /** Which set is in force: another number after every change of the keys. */
  generation(waitUntil: WaitUntil): number {
    return this.#inForce(waitUntil)?.generation ?? NONE;
  }

  #inForce(waitUntil: WaitUntil): Kept | undefined {
    const kept = this.#kept;
    const age = this.#now() - (kept?.at ?? 0);
    if (kept !== undefined && age >= FRESH_MS) {
      this.#lookUp(waitUntil);
    }
    return age > OUTAGE_MS ? undefined : kept;
  }

  /** The look-up in flight, or a new one, or the outcome of the last if it is too early for a new one. */
  #lookUp(waitUntil: WaitUntil): Promise<Kept> {
    const now = this.#now();
    const running = this.#startedAt !== undefined && now - this.#startedAt < GIVEN_UP_MS;
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

  async #fetch(lookUp: number): Promise<Kept> {
    let outcome: Kept | undefined;
    try {
      outcome = this.#keptOf(await this.#source());
      return outcome;
    } catch (error) {
      console.error("the issuer's keys could not be fetched", error);
      throw error;
    } finally {
      // One that was given up must not undo what came after it.
      if (lookUp === this.#lookUps) {
        this.#startedAt = undefined;
        this.#nextAt = this.#now() + (outcome === undefined ? AFTER_FAILURE_MS : BETWEEN_MS);
        this.#kept = outcome ?? this.#kept;
      }
    }
  }

  #keptOf(document: unknown): Kept {
    if (!isObject(document) || !Array.isArray(document.keys)) {
      throw new Error("no set of keys");
    }
    const keys = (document.keys as unknown[]).filter((key): key is PublicKey => isObject(key));
    const before = this.#kept;
    const changed = JSON.stringify(keys) !== JSON.stringify(before?.keys);
    return { keys, generation: (before?.generation ?? NONE) + (changed ? 1 : 0), at: this.#now() };
  }
}

async function fetched(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) {
    throw new Error(`status ${response.status}`);
  }
  return response.json();
}

/** Waits for a look-up, which another request may have begun and taken with it when it ended. */
async function inTime(lookUp: Promise<Kept>): Promise<Kept> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error("too late")), GIVEN_UP_MS);
  });
  try {
    return await Promise.race([lookUp, late]);
  } catch {
    throw new Problem(503, "Issuer unavailable", "Tokens cannot be checked now.", { "Retry-After": "5" });
  } finally {
    clearTimeout(timer);
  }
}
