import { hexOf, sha256 } from "../bytes";
import { Recent } from "../recent";
import type { Jwks, WaitUntil } from "./jwks";
import { clientOfToken, type Proven } from "./jwt";

const MAX_TOKENS = 1000;

/**
 * The tokens of one issuer, each verified once until it expires or the issuer's keys change; known by their SHA-256, so
 * that no token stays in memory.
 *
 * Confined to one isolate; each has its own.
 */
export class VerifiedTokens {
  readonly #jwks: Jwks;
  readonly #proven = new Recent<Proven>(MAX_TOKENS);

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
    const known = this.#proven.get(digest);
    if (known !== undefined && rules.now < known.until && known.generation === this.#jwks.generation(waitUntil)) {
      return known.client;
    }
    const proven = await clientOfToken(token, { ...rules, jwks: this.#jwks, waitUntil });
    this.#proven.set(digest, proven);
    return proven.client;
  }
}
