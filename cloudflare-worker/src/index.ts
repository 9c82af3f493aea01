import { anonymous, clientOf } from "./auth/client";
import { answerQuestion, passThrough } from "./forward";
import { headersFor } from "./origin/origin";
import { logOf } from "./purge/log";
import { answerPurge } from "./purge/purge";
import { enforceQuota, quotaPolicy } from "./rate-limit";
import { requestIdOf, toErrorResponse, toResponse } from "./response";
import { routeOf } from "./route";
import { ServerTiming } from "./server-timing";
import { settingsOf } from "./settings";

/** The request path: route ▶ purge, or client ▶ quota ▶ question ▶ cache ▶ origin, or pass-through to the origin. */
export default {
  async fetch(request, env, ctx): Promise<Response> {
    const timing = new ServerTiming(Date.now);
    const responseContext = { requestId: requestIdOf(request.headers), timing, policy: undefined };
    try {
      const settings = settingsOf(env);
      const route = routeOf(request.method, new URL(request.url).pathname);
      const log = logOf(env.PURGES);
      if (route.kind === "purge") {
        return toResponse(request, await answerPurge(request, settings, log, Date.now()), responseContext);
      }
      const isPublic = route.kind === "pass" && route.public;
      const waitUntil = (work: Promise<unknown>) => ctx.waitUntil(work);
      const client = isPublic
        ? undefined
        : await timing.measure("auth", clientOf(request.headers, settings, Date.now(), waitUntil));
      await enforceQuota(client ?? anonymous(request.headers), settings, env.LIMITER);
      const headers = headersFor(request.headers, responseContext.requestId, settings, client?.id);
      const context = { settings, log, now: Date.now, waitUntil };
      const answer =
        route.kind === "question"
          ? answerQuestion(request, route.endpoint, headers, context)
          : passThrough(request, headers, context);
      const policy = settings.limited ? quotaPolicy(settings) : undefined;
      return toResponse(request, await timing.measure("edge", answer), { ...responseContext, policy });
    } catch (error) {
      return toErrorResponse(request, error, responseContext);
    }
  },
} satisfies ExportedHandler<Env>;
