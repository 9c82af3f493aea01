import type { Answer } from "./cache/cached";
import { appendCacheStatus } from "./cache/status";
import { Problem } from "./problem";
import type { ServerTiming } from "./server-timing";

/** The values that every response carries in its headers, errors too. */
export type ResponseContext = {
  readonly requestId: string;
  readonly policy: string | undefined;
  readonly timing: ServerTiming;
};

/** The caller's request id if it is 1 to 128 visible ASCII characters, else a new one; equal to the server's rule. */
export function requestIdOf(headers: Headers): string {
  const requested = headers.get("X-Request-Id");
  return requested !== null && /^[!-~]{1,128}$/.test(requested) ? requested : crypto.randomUUID().replaceAll("-", "");
}

/** The response to the client: 304 when `If-None-Match` matches, no body for HEAD, and this hop's headers. */
export function toResponse(request: Request, answer: Answer, context: ResponseContext): Response {
  const { response, age, status } = answer;
  const cacheable = status !== undefined && (status.kind === "hit" || status.reason !== "bypass");
  const headers = new Headers(response.headers);
  if (status !== undefined) {
    headers.set("Cache-Status", appendCacheStatus(headers.get("Cache-Status"), status));
  }
  if (cacheable) {
    headers.set("Age", `${age}`);
  }
  const unchanged = cacheable && response.status === 200 && matches(request.headers, headers.get("ETag"));
  if (unchanged) {
    headers.delete("Content-Type");
  }
  const empty = unchanged || request.method === "HEAD";
  return withCommonHeaders(
    new Response(empty ? null : response.body, { status: unchanged ? 304 : response.status, headers }),
    context,
  );
}

/** The problem document of an error. An unexpected error is logged and not shown to the caller. */
export function toErrorResponse(request: Request, error: unknown, context: ResponseContext): Response {
  if (!(error instanceof Problem)) {
    console.error(`request ${context.requestId} failed`, error);
  }
  const problem =
    error instanceof Problem
      ? error
      : new Problem(
          500,
          "Internal error",
          `Something broke at the edge. Request ${context.requestId} names it in the log.`,
        );
  const response = problem.toResponse();
  return withCommonHeaders(request.method === "HEAD" ? new Response(null, response) : response, context);
}

function withCommonHeaders(response: Response, { requestId, policy, timing }: ResponseContext): Response {
  response.headers.set("X-Request-Id", requestId);
  if (policy !== undefined) {
    response.headers.set("RateLimit-Policy", policy);
  }
  const serverTiming = timing.header(response.headers.get("Server-Timing"));
  if (serverTiming !== "") {
    response.headers.set("Server-Timing", serverTiming);
  }
  return response;
}

/** Whether `If-None-Match` names the tag, by the weak comparison, or is `*` (RFC 9110, section 13.1.2). */
export function matches(headers: Headers, tag: string | null): boolean {
  const condition = headers.get("If-None-Match");
  if (condition === null || tag === null) {
    return false;
  }
  const opaque = tag.replace(/^W\//, "");
  return condition.trim() === "*" || Boolean(condition.match(/"[^"]*"/g)?.some((candidate) => candidate === opaque));
}
