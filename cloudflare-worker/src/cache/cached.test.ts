import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { advanceClock, Edge, freezeClock } from "../testing/edge";
import { forecast } from "../testing/origin-script";

const UNAVAILABLE = {
  status: 503,
  headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store", "Retry-After": "1" },
  body: '{"title":"Overloaded","status":503}',
};

beforeEach(freezeClock);
afterEach(() => vi.useRealTimers());

describe("a fresh answer", () => {
  test("is stored for the five minutes of CDN-Cache-Control", async () => {
    const edge = await new Edge().with(forecast("7"), forecast("8"));

    const first = await edge.fetch();
    advanceClock(299);
    const second = await edge.fetch();

    expect(first.headers.get("Cache-Status")).toBe("hemline; fwd=miss, hemline-edge; fwd=miss; fwd-status=200; stored");
    expect(first.headers.get("Age")).toBe("0");
    expect(second.headers.get("Cache-Status")).toBe("hemline; fwd=miss, hemline-edge; hit; ttl=1");
    expect(second.headers.get("Age")).toBe("299");
    expect(second.headers.get("Cache-Control")).toBe(first.headers.get("Cache-Control"));
    expect(second.headers.get("Vary")).toBe("Accept-Encoding");
    expect(second.text).toBe(first.text);
    expect(await edge.received()).toHaveLength(1);
  });

  test("has the Age of the origin's response", async () => {
    const edge = await new Edge().with(forecast("7", { Age: "290" }), forecast("8"));

    await edge.fetch();
    advanceClock(5);
    const second = await edge.fetch();

    expect(second.headers.get("Age")).toBe("295");
  });

  test("serves GET, HEAD and POST of one question in any spelling", async () => {
    const edge = await new Edge().with(forecast("7"), forecast("8"));

    await edge.fetch();
    const head = await edge.fetch(edge.path, { method: "HEAD" });
    const posted = await edge.post("/predict", { market: "vn", hashtags: [`#${edge.name.toUpperCase()}`] });

    expect(head).toMatchObject({ status: 200, text: "" });
    expect(head.headers.get("ETag")).toBe('"tag-of-7"');
    expect(posted.headers.get("Cache-Status")).toContain("hemline-edge; hit");
    expect(await edge.received()).toHaveLength(1);
  });

  test("is fetched by GET when the first request is HEAD", async () => {
    const edge = await new Edge().with(forecast("7"));

    const head = await edge.fetch(edge.path, { method: "HEAD" });
    const whole = await edge.fetch();

    expect(head.text).toBe("");
    expect(whole.text).toContain('"7"');
    expect((await edge.received()).map(({ method }) => method)).toEqual(["GET"]);
  });

  test("is 304 for a matching If-None-Match, from the cache and from the origin", async () => {
    const edge = await new Edge().with(forecast("7"));
    const headers = { "If-None-Match": '"other", W/"tag-of-7"' };

    const missed = await edge.fetch(edge.path, { headers });
    const hit = await edge.fetch(edge.path, { headers });

    expect(missed).toMatchObject({ status: 304, text: "" });
    expect(hit).toMatchObject({ status: 304, text: "" });
    expect(hit.headers.get("ETag")).toBe('"tag-of-7"');
    expect(hit.headers.has("Content-Type")).toBe(false);
  });

  test("is stored separately for each Origin, whose CORS headers differ", async () => {
    const edge = await new Edge().with(forecast("7", { Vary: "Origin" }), forecast("8", { Vary: "Origin" }));

    await edge.fetch(edge.path, { headers: { Origin: "https://a.example" } });
    const other = await edge.fetch(edge.path, { headers: { Origin: "https://b.example" } });

    expect(other.text).toContain('"8"');
  });
});

describe("a stale answer", () => {
  test("is served while the Worker refreshes it", async () => {
    const edge = await new Edge().with(forecast("7"), forecast("8"));

    await edge.fetch();
    advanceClock(599);
    const stale = await edge.fetch(edge.path, { headers: { "X-Request-Timeout-Ms": "50", "If-None-Match": '"x"' } });
    const next = await edge.fetch();

    expect(stale.headers.get("Cache-Status")).toContain("hemline-edge; hit; ttl=-299; detail=stale-while-revalidate");
    expect(stale.text).toContain('"7"');
    expect(next.text).toContain('"8"');
    expect(next.headers.get("Age")).toBe("0");
    const [, refresh] = await edge.received();
    expect(refresh?.headers).toMatchObject({ "if-none-match": '"tag-of-7"' });
    expect(refresh?.headers).not.toHaveProperty("x-request-timeout-ms");
  });

  test("is fresh again after a 304, with its old body", async () => {
    const unchanged = {
      status: 304,
      headers: { "Cache-Control": "max-age=100", ETag: '"tag-of-7"', "X-Model-Version": "7" },
    };
    const edge = await new Edge().with(forecast("7", { "CDN-Cache-Control": "" }), unchanged);

    await edge.fetch();
    advanceClock(61);
    await edge.fetch();
    const next = await edge.fetch();

    expect(next.text).toContain('"7"');
    expect(next.headers.get("Cache-Status")).toContain("hemline-edge; hit; ttl=100");
  });

  test("is refreshed again after a failed refresh", async () => {
    const edge = await new Edge().with(forecast("7"), "reset", forecast("8"));

    await edge.fetch();
    advanceClock(301);
    await edge.fetch();
    await edge.fetch();
    const fresh = await edge.fetch();

    expect(fresh.text).toContain('"8"');
  });

  test.each([
    ["is down", "reset" as const],
    ["is overloaded", UNAVAILABLE],
    [
      "is behind a proxy that sends an error page",
      { status: 502, headers: { "Content-Type": "text/html" }, body: "<html>" },
    ],
  ])("is served for another hour when the origin %s", async (_, failure) => {
    const edge = await new Edge().with(forecast("7"), failure);

    await edge.fetch();
    advanceClock(3899);
    const stale = await edge.fetch();
    advanceClock(1);
    const expired = await edge.fetch();

    expect(stale).toMatchObject({ status: 200 });
    expect(stale.headers.get("Cache-Status")).toContain("hemline-edge; hit; ttl=-3599; detail=stale-if-error");
    expect(stale.headers.get("Age")).toBe("3899");
    expect(expired.status).toBe(503);
    expect(expired.headers.get("Retry-After")).toMatch(/^[1-9]/);
    expect(expired.headers.get("Content-Type")).toBe("application/problem+json");
  });

  test("past its lifetime is fetched before the response", async () => {
    const edge = await new Edge().with(forecast("7"), forecast("8"));

    await edge.fetch();
    advanceClock(600);
    const fetched = await edge.fetch();

    expect(fetched.text).toContain('"8"');
    expect(fetched.headers.get("Cache-Status")).toContain("hemline-edge; fwd=stale; fwd-status=200; stored");
  });
});

describe("an error", () => {
  test("is never stored, and the client gets the server's 503 unchanged", async () => {
    const edge = await new Edge().with(UNAVAILABLE, forecast("7"));

    const refused = await edge.fetch();
    const answered = await edge.fetch();

    expect(refused).toMatchObject({ status: 503, text: UNAVAILABLE.body });
    expect(refused.headers.get("Retry-After")).toBe("1");
    expect(answered.status).toBe(200);
  });

  test("with a max-age is not stored either", async () => {
    const edge = await new Edge().with({
      ...UNAVAILABLE,
      headers: { ...UNAVAILABLE.headers, "Cache-Control": "max-age=60" },
    });

    await edge.fetch();
    await edge.fetch();

    expect(await edge.received()).toHaveLength(2);
  });

  test("404 of an unknown trend is stored for 30 seconds", async () => {
    const unknown = { status: 404, headers: { "Cache-Control": "public, max-age=30" }, body: "{}" };
    const edge = await new Edge().with(unknown, forecast("7"));

    await edge.fetch();
    advanceClock(29);
    const stored = await edge.fetch();
    advanceClock(1);
    const refetched = await edge.fetch();

    expect(stored.status).toBe(404);
    expect(stored.headers.get("Cache-Status")).toContain("hemline-edge; hit; ttl=1");
    expect(refetched.status).toBe(200);
  });

  test("504 reports an origin timeout", async () => {
    const edge = await new Edge({ ORIGIN_TIMEOUT_MS: "20" }).with("hang");

    const late = await edge.fetch();

    expect(late.status).toBe(504);
    expect(late.headers.get("Cache-Control")).toBe("no-store");
  });
});

describe("a request that bypasses the cache", () => {
  test.each([
    ["a question with an image", { items: [{ series: [1], last_week: "2026-11-16", image: "bm8=" }] }],
    ["an unknown field", { items: [{ hashtag: "a", colour: "red" }] }],
    ["a body over the read limit", { items: [{ hashtag: "a".repeat(300_000) }] }],
    ["no JSON", "hello"],
  ])("is forwarded unchanged: %s", async (_, body) => {
    const edge = await new Edge().with(forecast("7"), forecast("8"));

    const first = await edge.post("/v1/forecasts", body);
    const second = await edge.post("/v1/forecasts", body);

    expect(first.headers.get("Cache-Status")).toContain("hemline-edge; fwd=bypass; fwd-status=200");
    expect(second.text).toContain('"8"');
    const [received] = await edge.received();
    expect(received?.body).toBe(typeof body === "string" ? body : JSON.stringify(body));
  });

  test("has a deadline that the server refuses", async () => {
    const edge = await new Edge().with(forecast("7"), { status: 422 });

    await edge.fetch();
    const refused = await edge.fetch(edge.path, { headers: { "X-Request-Timeout-Ms": "soon" } });

    expect(refused.status).toBe(422);
  });

  test("has another media type", async () => {
    const edge = await new Edge().with({ status: 415 });

    const refused = await edge.post("/predict", '{"hashtags":["a"]}', { "Content-Type": "text/plain" });

    expect(refused.status).toBe(415);
  });

  test("is refused when its Content-Length exceeds the limit", async () => {
    const edge = await new Edge({ MAX_BODY: "10" }).with(forecast("7"));

    const refused = await edge.post("/predict", { hashtags: ["wideleg"] });

    expect(refused.status).toBe(413);
    expect(await edge.received()).toEqual([]);
  });

  test("is refused when its streamed body exceeds the limit", async () => {
    const edge = await new Edge({ MAX_BODY: "400000" }).with(forecast("7"));
    const chunk = new TextEncoder().encode("a".repeat(100_000));
    let chunks = 0;
    const body = new ReadableStream({
      pull: (controller) => (chunks++ < 50 ? controller.enqueue(chunk) : controller.close()),
    });

    const refused = await edge.fetch("/predict", {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json" },
    });

    expect(refused.status).toBe(413);
    expect(chunks).toBeLessThan(10);
  });
});
