const MAX_MS = 30_000;

/**
 * The background refreshes in flight, at most one for each cache URL. A refresh that does not settle blocks the next
 * one for 30 seconds.
 *
 * Confined to one isolate; each has its own.
 */
export class Refreshes {
  readonly #startedAt = new Map<string, number>();

  /** Runs a refresh unless one of the same key is in flight. */
  async once(key: string, now: number, refresh: () => Promise<unknown>): Promise<void> {
    if (now - (this.#startedAt.get(key) ?? Number.NEGATIVE_INFINITY) < MAX_MS) {
      return;
    }
    this.#startedAt.set(key, now);
    try {
      await refresh();
    } catch (error) {
      console.warn("a background refresh failed", error);
    } finally {
      this.#startedAt.delete(key);
    }
  }
}
