import { hexOf, sha256 } from "../bytes";
import type { Proven } from "./jwt";

const MAX_TOKENS = 1000;

/**
 * Tokens that were verified before, until they expire; known by their SHA-256, so that no token stays in memory.
 *
 * Confined to one isolate; each has its own.
 */
export class VerifiedTokens {
  readonly #proven = new Map<string, Proven>();

  /** The client of a token, asking `verify` only for a new one. */
  async clientOf(token: string, now: number, verify: () => Promise<Proven>): Promise<string> {
    const digest = hexOf(await sha256(token));
    const known = this.#proven.get(digest);
    if (known !== undefined && now < known.until) {
      return known.client;
    }
    this.#proven.delete(digest);
    const proven = await verify();
    if (this.#proven.size >= MAX_TOKENS) {
      this.#proven.clear();
    }
    this.#proven.set(digest, proven);
    return proven.client;
  }
}
