/**
 * How long the steps of one request took, for `Server-Timing`. Cloudflare's clock stands still while a Worker computes,
 * so only waiting shows. Confined to one request.
 */
export class Times {
  readonly #now: () => number;
  readonly #spans: string[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The outcome of a step, whose duration is noted under its name. */
  async of<T>(name: string, step: Promise<T>): Promise<T> {
    const start = this.#now();
    try {
      return await step;
    } finally {
      this.#spans.push(`${name};dur=${this.#now() - start}`);
    }
  }

  /** The header, behind what the origin measured. */
  header(before: string | null): string {
    return [before, ...this.#spans].filter((part) => part).join(", ");
  }
}
