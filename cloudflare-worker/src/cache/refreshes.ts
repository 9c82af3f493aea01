const MAX_MS = 30_000;

/**
 * Which stale answers are being refreshed, so that one isolate asks once. A refresh that never ends is forgotten.
 *
 * Confined to one isolate; each has its own.
 */
export class Refreshes {
  readonly #startedAt = new Map<string, number>();

  /** Runs a refresh unless one of the same key is running. */
  async once(key: string, now: number, refresh: () => Promise<unknown>): Promise<void> {
    if (now - (this.#startedAt.get(key) ?? Number.NEGATIVE_INFINITY) < MAX_MS) {
      return;
    }
    this.#startedAt.set(key, now);
    try {
      await refresh();
    } catch (error) {
      console.warn("a stale answer could not be refreshed", error);
    } finally {
      this.#startedAt.delete(key);
    }
  }
}
