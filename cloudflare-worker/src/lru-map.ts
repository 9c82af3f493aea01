/** A map of at most `max` entries that evicts the least recently used one. */
export class LruMap<V> {
  readonly #max: number;
  /** Iterates in insertion order, so the first entry is the least recently used one. */
  readonly #entries = new Map<string, V>();

  constructor(max: number) {
    this.#max = max;
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.set(key, value);
    }
    return value;
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#max) {
      const [eldest] = this.#entries.keys();
      this.#entries.delete(eldest as string);
    }
  }
}
