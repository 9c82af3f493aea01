import { hexOf, sha256 } from "../bytes";
import { LruMap } from "../lru-map";
import type { Jwks, WaitUntil } from "./jwks";
import { clientOfToken, type VerifiedToken } from "./jwt";

const MAX_TOKENS = 1000;

/**
 * A cache of verified tokens of one issuer, by SHA-256, so that no token stays in memory. An entry is valid until the
 * token expires or the issuer's keys change.
 *
 * Confined to one isolate; each has its own.
 */
export class VerifiedTokens {
  readonly #jwks: Jwks;
  readonly #verified = new LruMap<VerifiedToken>(MAX_TOKENS);

  constructor(jwks: Jwks) {
    this.#jwks = jwks;
  }

  /** The client of a token. */
  async clientOf(
    token: string,
    rules: { issuer: string; audience: string; now: number },
    waitUntil: WaitUntil,
  ): Promise<string> {
    const digest = hexOf(await sha256(token));
    const cached = this.#verified.get(digest);
    if (cached !== undefined && rules.now < cached.until && cached.generation === this.#jwks.generation(waitUntil)) {
      return cached.client;
    }
    const verified = await clientOfToken(token, { ...rules, jwks: this.#jwks, waitUntil });
    this.#verified.set(digest, verified);
    return verified.client;
  }
}
