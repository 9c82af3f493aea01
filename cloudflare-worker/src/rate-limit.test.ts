import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import wrangler from "../wrangler.jsonc?raw";
import { Edge } from "./testing/edge";
import { forecast } from "./testing/origin-script";

describe("the quota of a client", () => {
  test("is enforced by Cloudflare's limiter, and the 429 has Retry-After", async () => {
    const edge = await new Edge({ LIMITER: env.LIMITER }).with(forecast("7"));
    const headers = { "CF-Connecting-IP": "192.0.2.1" };

    // Seven requests exceed twice the quota of three, so one must fail even across two windows.
    const replies = [];
    for (let i = 0; i < 7; i++) {
      replies.push(await edge.fetch(edge.path, { headers }));
    }

    const refused = replies.find(({ status }) => status === 429);
    expect(replies[0]?.status).toBe(200);
    expect(refused?.headers.get("Retry-After")).toBe("10");
    expect(refused?.headers.get("RateLimit")).toBe('"per-client";r=0;t=10');
    expect(refused?.headers.get("RateLimit-Policy")).toBe('"per-client";q=6000;w=10');
    expect(refused?.headers.get("Content-Type")).toBe("application/problem+json");
  });

  test("is separate for each client", async () => {
    const counted: (string | undefined)[] = [];
    const LIMITER: RateLimit = {
      limit: async ({ key }) => {
        counted.push(key);
        return { success: true };
      },
    };
    const edge = await new Edge({ LIMITER }).with(forecast("7"));

    await edge.fetch(edge.path, { headers: { "CF-Connecting-IP": "192.0.2.1" } });
    await edge.fetch(edge.path, { headers: { "CF-Connecting-IP": "2001:db8:1:2::1" } });
    await edge.fetch(edge.path, { headers: { "CF-Connecting-IP": "2001:db8:1:2::ffff" } });
    const allowed = await edge.fetch(edge.path, { headers: { "CF-Connecting-IP": "192.0.2.2" } });

    const subnet = "ip:2001:db8:1:2::/64";
    expect(counted).toEqual(["ip:192.0.2.1", subnet, subnet, "ip:192.0.2.2"]);
    expect(allowed.headers.get("RateLimit-Policy")).toBe('"per-client";q=6000;w=10');
    expect(allowed.headers.has("RateLimit")).toBe(false);
  });

  test("can be disabled for load tests", async () => {
    const none: RateLimit = { limit: async () => ({ success: false }) };
    const edge = await new Edge({ LIMITER: none, RATE_LIMIT: "off" }).with(forecast("7"));

    expect((await edge.fetch()).status).toBe(200);
  });

  test("equals the configured limit in wrangler.jsonc", () => {
    const [quota, seconds] = env.RATE_POLICY.split(";");

    expect(wrangler).toContain(`"simple": { "limit": ${quota}, "period": ${seconds} }`);
  });
});
