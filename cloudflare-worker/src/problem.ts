/** Problem types that differ from the title; equal to the server's. */
const NAMES: Readonly<Record<string, string>> = {
  "Body too large": "too-large",
  "Internal error": "internal",
  "No such resource": "not-found",
};

/** An error response as a problem document (RFC 9457) in the server's form; `index.ts` catches it. */
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

  /** The response; `error` repeats the detail for clients of the Open Inference Protocol, as the server does. */
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

/** A problem 401. The detail never repeats the credentials. */
export function unauthenticated(detail: string): Problem {
  return new Problem(401, "Unauthenticated", detail, { "WWW-Authenticate": 'Bearer realm="hemline"' });
}

/** A problem 503 of the origin. */
export function originUnavailable(detail: string): Problem {
  return new Problem(503, "Origin unavailable", detail, { "Retry-After": "5" });
}

/** A problem 500 of an invalid setting. The detail names the setting, never its value. */
export function misconfigured(detail: string): Problem {
  return new Problem(500, "Misconfigured edge", detail);
}
