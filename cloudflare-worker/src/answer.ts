import type { Answer } from "./cache/cached";
import { appended } from "./cache/status";
import { Problem } from "./problem";
import type { Times } from "./times";

/** What every answer carries, whatever became of the request. */
export type Finish = { readonly requestId: string; readonly policy: string | undefined; readonly times: Times };

/** The answer as the client gets it: 304 when it has it already, no body for HEAD, and our headers. */
export function finished(request: Request, answer: Answer, finish: Finish): Response {
  const { response, age, status } = answer;
  const known = status !== undefined && (status.kind === "hit" || status.because !== "bypass");
  const headers = new Headers(response.headers);
  if (status !== undefined) {
    headers.set("Cache-Status", appended(headers.get("Cache-Status"), status));
  }
  if (known) {
    headers.set("Age", `${age}`);
  }
  const unchanged = known && response.status === 200 && matches(request.headers, headers.get("ETag"));
  if (unchanged) {
    headers.delete("Content-Type");
  }
  const empty = unchanged || request.method === "HEAD";
  return signed(
    new Response(empty ? null : response.body, { status: unchanged ? 304 : response.status, headers }),
    finish,
  );
}

/** What went wrong as an answer. What nobody expected goes to the log, never to the caller. */
export function refused(request: Request, error: unknown, finish: Finish): Response {
  if (!(error instanceof Problem)) {
    console.error(`request ${finish.requestId} failed`, error);
  }
  const problem =
    error instanceof Problem
      ? error
      : new Problem(
          500,
          "Internal error",
          `Something broke at the edge. Request ${finish.requestId} names it in the log.`,
        );
  const response = problem.toResponse();
  return signed(request.method === "HEAD" ? new Response(null, response) : response, finish);
}

function signed(response: Response, { requestId, policy, times }: Finish): Response {
  response.headers.set("X-Request-Id", requestId);
  if (policy !== undefined) {
    response.headers.set("RateLimit-Policy", policy);
  }
  const timing = times.header(response.headers.get("Server-Timing"));
  if (timing !== "") {
    response.headers.set("Server-Timing", timing);
  }
  return response;
}

/** Whether `If-None-Match` names the tag, by the weak comparison, or is `*` (RFC 9110, section 13.1.2). */
export function matches(headers: Headers, tag: string | null): boolean {
  const known = headers.get("If-None-Match");
  if (known === null || tag === null) {
    return false;
  }
  const opaque = tag.replace(/^W\//, "");
  return known.trim() === "*" || Boolean(known.match(/"[^"]*"/g)?.some((one) => one === opaque));
}
