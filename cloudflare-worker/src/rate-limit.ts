import type { Client } from "./auth/client";
import { Problem } from "./problem";
import type { Settings } from "./settings";

const NAME = '"per-client"';

/**
 * Throws a problem 429 for a client over its quota. Cloudflare counts approximately, for each location on its own, and
 * does not report the remaining quota, so only the 429 carries `RateLimit`, with 0 remaining.
 */
export async function enforceQuota(client: Client, settings: Settings, limiter: RateLimit): Promise<void> {
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
      { "Retry-After": `${seconds}`, RateLimit: `${NAME};r=0;t=${seconds}`, "RateLimit-Policy": quotaPolicy(settings) },
    );
  }
}

/** The value of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers). */
export function quotaPolicy(settings: Settings): string {
  return `${NAME};q=${settings.quota};w=${settings.windowSeconds}`;
}
