import type { Client } from "./auth/client";
import { Problem } from "./problem";
import type { Settings } from "./settings";

const NAME = '"per-client"';

/**
 * Lets a client in, or says 429. Cloudflare counts for each location on its own and loosely, and does not tell how much
 * is left; so `RateLimit` is sent where the rest is known, which is when it is used up.
 */
export async function holdToQuota(client: Client, settings: Settings, limiter: RateLimit): Promise<void> {
  if (!settings.limited) {
    return;
  }
  const { success } = await limiter.limit({ key: client.quotaKey });
  if (!success) {
    const seconds = settings.windowSeconds;
    throw new Problem(
      429,
      "Too many requests",
      `At most ${settings.quota} requests in ${seconds} seconds; try again in ${seconds} seconds.`,
      { "Retry-After": `${seconds}`, RateLimit: `${NAME};r=0;t=${seconds}`, "RateLimit-Policy": policyOf(settings) },
    );
  }
}

/** The quota as a header tells it (draft-ietf-httpapi-ratelimit-headers). */
export function policyOf(settings: Settings): string {
  return `${NAME};q=${settings.quota};w=${settings.windowSeconds}`;
}
