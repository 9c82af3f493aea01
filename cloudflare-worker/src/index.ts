import { finished, refused } from "./answer";
import { anonymous, clientOf } from "./auth/client";
import { answerQuestion, passThrough } from "./forward";
import { holdToQuota, policyOf } from "./limit";
import { headersFor } from "./origin/origin";
import { logOf } from "./purge/log";
import { answerPurge } from "./purge/purge";
import { requestIdOf } from "./request-id";
import { routeOf } from "./route";
import { settingsOf } from "./settings";
import { Times } from "./times";

/** The path of a request: route ▶ purge, or client ▶ quota ▶ question ▶ cache ▶ origin, or straight to the origin. */
export default {
  async fetch(request, env, ctx): Promise<Response> {
    const times = new Times(Date.now);
    const finish = { requestId: requestIdOf(request.headers), times, policy: undefined };
    try {
      const settings = settingsOf(env);
      const route = routeOf(request.method, new URL(request.url).pathname);
      const log = logOf(env.PURGES);
      if (route.kind === "purge") {
        return finished(request, await answerPurge(request, settings, log, Date.now()), finish);
      }
      const open = route.kind === "pass" && route.open;
      const waitUntil = (work: Promise<unknown>) => ctx.waitUntil(work);
      const client = open
        ? undefined
        : await times.of("auth", clientOf(request.headers, settings, Date.now(), waitUntil));
      await holdToQuota(client ?? anonymous(request.headers), settings, env.LIMITER);
      const headers = headersFor(request.headers, finish.requestId, settings, client?.id);
      const context = { settings, log, now: Date.now, waitUntil };
      const answer =
        route.kind === "question"
          ? answerQuestion(request, route.endpoint, headers, context)
          : passThrough(request, headers, context);
      const policy = settings.limited ? policyOf(settings) : undefined;
      return finished(request, await times.of("edge", answer), { ...finish, policy });
    } catch (error) {
      return refused(request, error, finish);
    }
  },
} satisfies ExportedHandler<Env>;
