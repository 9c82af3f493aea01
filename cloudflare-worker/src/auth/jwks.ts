import { Problem } from "../problem";

const FRESH_MS = 600_000;
const RETRY_MS = 30_000;
const TIMEOUT_MS = 5_000;
const ALGORITHMS = {
  RS256: { kty: "RSA", import: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } },
  ES256: { kty: "EC", import: { name: "ECDSA", namedCurve: "P-256" } },
} as const;

export type Algorithm = keyof typeof ALGORITHMS;

/** Whether an algorithm is one that we verify; `none` and shared secrets are not. */
export function isAlgorithm(name: unknown): name is Algorithm {
  return name === "RS256" || name === "ES256";
}

type PublicKey = JsonWebKey & { readonly kid?: string };

/**
 * The public keys of one issuer, fetched when they are ten minutes old or when a token names a key that is not among
 * them (rotation), but not more often than every 30 seconds. While the issuer is down the known keys stay good.
 *
 * Confined to one isolate; each has its own.
 */
export class Jwks {
  readonly #url: string;
  #keys: readonly PublicKey[] = [];
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(url: string) {
    this.#url = url;
  }

  /** The key of that name for that algorithm; `undefined` when the issuer has none. */
  async keyFor(kid: string, algorithm: Algorithm, now: number): Promise<CryptoKey | undefined> {
    if (now - this.#fetchedAt > FRESH_MS || this.#find(kid, algorithm) === undefined) {
      await this.#fetch(now);
    }
    const jwk = this.#find(kid, algorithm);
    if (jwk === undefined) {
      return undefined;
    }
    return crypto.subtle.importKey("jwk", jwk, ALGORITHMS[algorithm].import, false, ["verify"]);
  }

  #find(kid: string, algorithm: Algorithm): PublicKey | undefined {
    return this.#keys.find(
      (key) =>
        key.kid === kid &&
        key.kty === ALGORITHMS[algorithm].kty &&
        (key.alg ?? algorithm) === algorithm &&
        (key.use ?? "sig") === "sig",
    );
  }

  async #fetch(now: number): Promise<void> {
    if (now - this.#triedAt < RETRY_MS) {
      return;
    }
    this.#triedAt = now;
    try {
      const response = await fetch(this.#url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      const document: unknown = await response.json();
      if (!response.ok || !isKeySet(document)) {
        throw new Error(`status ${response.status}`);
      }
      this.#keys = document.keys;
      this.#fetchedAt = now;
    } catch (error) {
      console.error("the issuer's keys could not be fetched", error);
      if (this.#keys.length === 0) {
        this.#triedAt = Number.NEGATIVE_INFINITY;
        throw new Problem(503, "Issuer unavailable", "Tokens cannot be checked now.", { "Retry-After": "5" });
      }
    }
  }
}

function isKeySet(document: unknown): document is { keys: PublicKey[] } {
  return typeof document === "object" && document !== null && "keys" in document && Array.isArray(document.keys);
}
