/** What was kept or asked for last, by key: at most so much; for what comes then, the one longest unused goes. */
export class Recent<V> {
  readonly #max: number;
  /** A map tells its entries in the order in which they came. */
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
      const [unused] = this.#entries.keys();
      this.#entries.delete(unused as string);
    }
  }
}
