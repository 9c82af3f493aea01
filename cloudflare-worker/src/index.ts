import { finished, refused } from "./answer";
import { answerQuestion, passThrough } from "./ask";
import { clientOf, stranger } from "./auth/client";
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
      const later = (work: Promise<unknown>) => ctx.waitUntil(work);
      const client = open ? undefined : await times.of("auth", clientOf(request.headers, settings, Date.now(), later));
      await holdToQuota(client ?? stranger(request.headers), settings, env.LIMITER);
      const headers = headersFor(request.headers, finish.requestId, settings, client?.id);
      const around = { settings, log, now: Date.now, later };
      const answer =
        route.kind === "question"
          ? answerQuestion(request, route.endpoint, headers, around)
          : passThrough(request, headers, around);
      const policy = settings.limited ? policyOf(settings) : undefined;
      return finished(request, await times.of("edge", answer), { ...finish, policy });
    } catch (error) {
      return refused(request, error, finish);
    }
  },
} satisfies ExportedHandler<Env>;
