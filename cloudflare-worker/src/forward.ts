import { type Answer, answerCached, bypass, type RequestContext } from "./cache/cached";
import { cacheUrl } from "./cache/store";
import { readUpTo, rejectOversized, uploadOf } from "./origin/body";
import { type OriginRequest, without } from "./origin/origin";
import { originUnavailable } from "./problem";
import { type Question, readGet, readPost } from "./question/question";
import type { Endpoint } from "./route";

/** Larger bodies, in bytes, are streamed to the origin: they hold images, or are rarely sent twice. */
const MAX_QUESTION = 262_144;

/** Answers a question, from the cache if the Worker can derive its key. */
export async function answerQuestion(
  request: Request,
  endpoint: Endpoint,
  headers: Headers,
  context: RequestContext,
): Promise<Answer> {
  const { host, pathname, search } = new URL(request.url);
  const pathAndQuery = pathname + search;
  if (request.method !== "POST") {
    const question = readGet(endpoint, search);
    const originRequest = { method: question === undefined ? request.method : "GET", pathAndQuery, headers };
    return answer(question, host, originRequest, context);
  }
  rejectOversized(request.headers, context.settings.maxBody);
  const prefix = await readUpTo(request.body, isPlainJson(headers) ? MAX_QUESTION : 0);
  const complete = isPlainJson(headers) && prefix.rest === undefined;
  const question = complete ? readPost(endpoint, search, prefix.start) : undefined;
  const originRequest = {
    method: "POST",
    pathAndQuery,
    headers,
    upload: uploadOf(prefix, context.settings.maxBody),
  };
  return answer(question, host, originRequest, context);
}

/** Forwards a request without the cache. */
export async function passThrough(request: Request, headers: Headers, context: RequestContext): Promise<Answer> {
  const { pathname, search } = new URL(request.url);
  rejectOversized(request.headers, context.settings.maxBody);
  const hasBody = request.method === "POST";
  const upload = hasBody ? uploadOf(await readUpTo(request.body, 0), context.settings.maxBody) : undefined;
  return bypass({ method: request.method, pathAndQuery: pathname + search, headers, upload }, context.settings);
}

async function answer(
  question: Question | undefined,
  host: string,
  originRequest: OriginRequest,
  context: RequestContext,
): Promise<Answer> {
  if (question === undefined || hasImage(question) || !hasValidDeadline(originRequest.headers)) {
    return withProblemErrors(await bypass(originRequest, context.settings));
  }
  const unconditional = { ...originRequest, headers: without("If-None-Match", originRequest.headers) };
  const url = await cacheUrl(question, host, originRequest.headers.get("Origin"));
  return withProblemErrors(await answerCached(url, unconditional, context));
}

/** Replaces a proxy's HTML error page by a problem document. */
function withProblemErrors(result: Answer): Answer {
  const { status, headers } = result.response;
  if (status >= 500 && !headers.get("Content-Type")?.includes("json")) {
    throw originUnavailable(`The origin answered with ${status}; try again in a few seconds.`);
  }
  return result;
}

/** Whether a body is JSON in UTF-8 without a content coding; the server refuses any other. */
function isPlainJson(headers: Headers): boolean {
  const type = headers.get("Content-Type") ?? "";
  return !headers.has("Content-Encoding") && /^application\/json(;\s*charset="?utf-8"?)?$/i.test(type);
}

function hasImage(question: Question): boolean {
  return question.items.some((item) => "image" in item && item.image !== undefined);
}

/** Whether the deadline is absent or valid; the server refuses any other, so the cache must not answer. */
function hasValidDeadline(headers: Headers): boolean {
  const millis = headers.get("X-Request-Timeout-Ms");
  return millis === null || /^(?=.*[1-9])\d{1,9}$/.test(millis);
}
