import { hexOf, sha256 } from "../bytes";
import type { Jwks, Later } from "./jwks";
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
  /** The oldest first. */
  readonly #proven = new Map<string, Proven>();

  constructor(jwks: Jwks) {
    this.#jwks = jwks;
  }

  /** The client of a token. */
  async clientOf(
    token: string,
    rules: { issuer: string; audience: string; now: number },
    later: Later,
  ): Promise<string> {
    const digest = hexOf(await sha256(token));
    const known = this.#proven.get(digest);
    if (known !== undefined && rules.now < known.until && known.generation === this.#jwks.generation(later)) {
      return known.client;
    }
    this.#proven.delete(digest);
    const proven = await clientOfToken(token, { ...rules, jwks: this.#jwks, later });
    this.#proven.set(digest, proven);
    if (this.#proven.size > MAX_TOKENS) {
      for (const oldest of this.#proven.keys()) {
        this.#proven.delete(oldest);
        break;
      }
    }
    return proven.client;
  }
}
