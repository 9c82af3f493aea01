import { type Answer, answerCached, passed, type RequestContext } from "./cache/cached";
import { cacheUrl } from "./cache/key";
import { passedOn, readUpTo, requireLength } from "./origin/body";
import { type OriginRequest, without } from "./origin/origin";
import { originUnavailable } from "./problem";
import { type Question, readGet, readPost } from "./question/question";
import type { Endpoint } from "./route";

/** Larger questions are passed on as they come; they hold images, or are rarely asked twice. */
const MAX_QUESTION = 262_144;

/** Answers a question, from the cache if it is one that we can tell apart from all others. */
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
    return answered(question, host, originRequest, context);
  }
  requireLength(request.headers, context.settings.maxBody);
  const beginning = await readUpTo(request.body, isPlainJson(headers) ? MAX_QUESTION : 0);
  const whole = isPlainJson(headers) && beginning.rest === undefined;
  const question = whole ? readPost(endpoint, search, beginning.start) : undefined;
  const originRequest = {
    method: "POST",
    pathAndQuery,
    headers,
    upload: passedOn(beginning, context.settings.maxBody),
  };
  return answered(question, host, originRequest, context);
}

/** Passes a request to the origin and its answer back. */
export async function passThrough(request: Request, headers: Headers, context: RequestContext): Promise<Answer> {
  const { pathname, search } = new URL(request.url);
  requireLength(request.headers, context.settings.maxBody);
  const hasBody = request.method === "POST";
  const upload = hasBody ? passedOn(await readUpTo(request.body, 0), context.settings.maxBody) : undefined;
  return passed({ method: request.method, pathAndQuery: pathname + search, headers, upload }, context.settings);
}

async function answered(
  question: Question | undefined,
  host: string,
  originRequest: OriginRequest,
  context: RequestContext,
): Promise<Answer> {
  if (question === undefined || hasImage(question) || !hasClearDeadline(originRequest.headers)) {
    return withoutForeignErrors(await passed(originRequest, context.settings));
  }
  const unconditional = { ...originRequest, headers: without("If-None-Match", originRequest.headers) };
  const url = await cacheUrl(question, host, originRequest.headers.get("Origin"));
  return withoutForeignErrors(await answerCached(url, unconditional, context));
}

/** A proxy in between answers errors with pages of its own; clients get a problem document instead. */
function withoutForeignErrors(answer: Answer): Answer {
  const type = answer.response.headers.get("Content-Type") ?? "";
  if (answer.response.status >= 500 && !type.includes("json")) {
    throw originUnavailable(`The origin answered with ${answer.response.status}; try again in a few seconds.`);
  }
  return answer;
}

/** Whether a body is JSON in UTF-8 without a coding; anything else is the server's to refuse. */
function isPlainJson(headers: Headers): boolean {
  const type = headers.get("Content-Type") ?? "";
  return !headers.has("Content-Encoding") && /^application\/json(;\s*charset="?utf-8"?)?$/i.test(type);
}

function hasImage(question: Question): boolean {
  return question.items.some((item) => "image" in item && item.image !== undefined);
}

/** A deadline that the server would refuse is the server's to refuse, also where an answer is at hand. */
function hasClearDeadline(headers: Headers): boolean {
  const millis = headers.get("X-Request-Timeout-Ms");
  return millis === null || /^(?=.*[1-9])\d{1,9}$/.test(millis);
}
