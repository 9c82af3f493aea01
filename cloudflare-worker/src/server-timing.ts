/**
 * The durations of the steps of one request, for `Server-Timing`. Cloudflare's clock advances only on I/O, so a
 * duration is time spent waiting. Confined to one request.
 */
export class ServerTiming {
  readonly #now: () => number;
  readonly #spans: string[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Awaits a step and records its duration in milliseconds under a name. */
  async measure<T>(name: string, step: Promise<T>): Promise<T> {
    const start = this.#now();
    try {
      return await step;
    } finally {
      this.#spans.push(`${name};dur=${this.#now() - start}`);
    }
  }

  /** The header's value after the origin's own. */
  header(fromOrigin: string | null): string {
    return [fromOrigin, ...this.#spans].filter((part) => part).join(", ");
  }
}
