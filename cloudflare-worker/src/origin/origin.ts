import { originUnavailable, Problem } from "../problem";
import type { Settings } from "../settings";
import type { Upload } from "./body";

/** The request headers that reach the origin: no credentials, cookies or addresses. */
const FORWARDED = [
  "Accept",
  "Access-Control-Request-Headers",
  "Access-Control-Request-Method",
  "Content-Encoding",
  "Content-Type",
  "Inference-Header-Content-Length",
  "If-None-Match",
  "Origin",
  "Sec-Fetch-Site",
  "User-Agent",
  "X-Request-Timeout-Ms",
  "traceparent",
  "tracestate",
];

/** A request to the origin. */
export type OriginRequest = {
  readonly method: string;
  readonly pathAndQuery: string;
  readonly headers: Headers;
  readonly upload?: Upload | undefined;
};

/** The headers for the origin: on behalf of a client with the Worker's key, or anonymous without it. */
export function headersFor(from: Headers, requestId: string, settings: Settings, client: string | undefined): Headers {
  const headers = new Headers({ "X-Request-Id": requestId });
  for (const name of FORWARDED) {
    const value = from.get(name);
    if (value !== null) {
      headers.set(name, value);
    }
  }
  if (client !== undefined) {
    headers.set("Hemline-Client", client);
    if (settings.originKey !== undefined) {
      headers.set("X-API-Key", settings.originKey);
    }
  }
  return headers;
}

/** A copy of the headers without one of them. */
export function without(name: string, headers: Headers): Headers {
  const copy = new Headers(headers);
  copy.delete(name);
  return copy;
}

/** Sends a request to the origin. Throws a problem 503 when it is unreachable and 504 on a timeout. */
export async function forward(originRequest: OriginRequest, settings: Settings): Promise<Response> {
  const { method, headers } = originRequest;
  const signal = AbortSignal.timeout(settings.originTimeoutMs);
  const url = new URL(originRequest.pathAndQuery, settings.origin);
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: originRequest.upload?.body ?? null,
      redirect: "manual",
      signal,
    });
    originRequest.upload?.check();
    return response;
  } catch (error) {
    originRequest.upload?.check();
    console.error(`request ${headers.get("X-Request-Id")}: the origin did not answer`, error);
    if (signal.aborted) {
      throw new Problem(504, "Deadline exceeded", "The origin did not answer in time.");
    }
    throw originUnavailable("The origin does not answer now; try again in a few seconds.");
  }
}
