/** Where the server names a kind of problem otherwise than its title. */
const NAMES: Readonly<Record<string, string>> = {
  "Body too large": "too-large",
  "Internal error": "internal",
  "No such resource": "not-found",
};

/** Why there is no answer, as a problem document of RFC 9457 in the server's own shape. Thrown, and answered in `index.ts`. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, title: string, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.title = title;
    this.headers = headers;
  }

  /** The document; `error` repeats the detail, as the server does for clients of the Open Inference Protocol. */
  toResponse(): Response {
    const type = `urn:hemline:problem:${NAMES[this.title] ?? this.title.toLowerCase().replaceAll(" ", "-")}`;
    const document = {
      type,
      title: this.title,
      status: this.status,
      detail: this.message,
      error: this.message,
      errors: [],
    };
    return new Response(JSON.stringify(document), {
      status: this.status,
      headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store", ...this.headers },
    });
  }
}

/** The client is unknown. The detail never repeats what was presented. */
export function unauthenticated(detail: string): Problem {
  return new Problem(401, "Unauthenticated", detail, { "WWW-Authenticate": 'Bearer realm="hemline"' });
}

/** The origin does not answer. */
export function originUnavailable(detail: string): Problem {
  return new Problem(503, "Origin unavailable", detail, { "Retry-After": "5" });
}

/** The Worker's own settings are wrong: said to the operator by name, never by value. */
export function misconfigured(detail: string): Problem {
  return new Problem(500, "Misconfigured edge", detail);
}
