import { exports } from "cloudflare:workers";
import { describe, expect, inject, test } from "vitest";
import { Edge } from "./testing/edge";
import { forecast } from "./testing/origin-script";

describe("every response", () => {
  test("carries the caller's request id, and so does the request to the origin", async () => {
    const edge = await new Edge().with(forecast("7"));

    const answered = await edge.fetch();

    expect(answered.headers.get("X-Request-Id")).toBe(edge.name);
    expect((await edge.received())[0]?.headers).toMatchObject({ "x-request-id": edge.name });
  });

  test("carries a new request id when the caller's is invalid", async () => {
    const edge = new Edge();

    const refused = await edge.fetch("/nowhere", { headers: { "X-Request-Id": "two words" } });

    expect(refused.status).toBe(404);
    expect(refused.headers.get("X-Request-Id")).toMatch(/^[0-9a-f]{32}$/);
  });

  test("carries Server-Timing after the origin's members", async () => {
    const edge = await new Edge().with(forecast("7", { "Server-Timing": "batch;dur=3" }));

    const answered = await edge.fetch();

    expect(answered.headers.get("Server-Timing")).toMatch(/^batch;dur=3, auth;dur=\d+, edge;dur=\d+$/);
  });

  test("comes from a request with trace context and allowed headers only", async () => {
    const edge = await new Edge().with(forecast("7"));
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    await edge.fetch(edge.path, {
      headers: {
        traceparent,
        "Sec-Fetch-Site": "same-origin",
        "X-Forwarded-For": "10.0.0.1",
        "X-Request-Timeout-Ms": "500",
      },
    });

    const [received] = await edge.received();
    expect(received?.headers).toMatchObject({
      traceparent,
      "sec-fetch-site": "same-origin",
      "x-request-timeout-ms": "500",
    });
    expect(received?.headers).not.toHaveProperty("x-forwarded-for");
  });
});

describe("a pass-through", () => {
  test("returns the origin's response with this hop's member of Cache-Status", async () => {
    const edge = await new Edge().with({
      status: 418,
      headers: { "X-Own": "1", "Cache-Status": "hemline" },
      body: "tea",
    });

    const answered = await edge.fetch("/v2/models/trend", { headers: { "If-None-Match": '"x"' } });

    expect(answered).toMatchObject({ status: 418, text: "tea" });
    expect(answered.headers.get("X-Own")).toBe("1");
    expect(answered.headers.get("Cache-Status")).toBe("hemline, hemline-edge; fwd=bypass; fwd-status=418");
    expect((await edge.received())[0]?.headers).toMatchObject({ "if-none-match": '"x"' });
  });

  test("forwards a body", async () => {
    const edge = await new Edge().with({});

    await edge.post("/v2/models/trend/infer", { inputs: [] });

    expect((await edge.received())[0]).toMatchObject({ method: "POST", body: '{"inputs":[]}' });
  });
});

describe("a path or method that is not allowed", () => {
  test("gets a problem document and never reaches the origin", async () => {
    const edge = await new Edge().with({});

    const refused = await edge.fetch("/metrics");
    const method = await edge.fetch("/predict", { method: "DELETE" });

    expect(JSON.parse(refused.text)).toMatchObject({ type: "urn:hemline:problem:not-found", status: 404 });
    expect(method.status).toBe(405);
    expect(method.headers.get("Allow")).toBe("GET, HEAD, POST, OPTIONS");
    expect(await edge.received()).toEqual([]);
  });

  test("gets no body for HEAD", async () => {
    expect(await new Edge().fetch("/metrics", { method: "HEAD" })).toMatchObject({ status: 404, text: "" });
  });
});

test("the deployed entry point responds", async () => {
  const answered = await exports.default.fetch("https://edge.example/metrics");

  expect(answered.status).toBe(404);
});

test("the bundle has at most 32 KB", () => {
  expect(inject("bundleBytes")).toBeGreaterThan(1_000);
  expect(inject("bundleBytes")).toBeLessThanOrEqual(32_000);
});
