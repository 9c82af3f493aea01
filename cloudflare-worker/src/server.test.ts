import { describe, expect, inject, test } from "vitest";
import { Edge, type Reply } from "./testing/edge";

const server = inject("server");
const SERIES = { series: [12, 13.5, null, 11.8, 12.9], last_week: "2026-11-16" };

test("a real inference server is available", ({ skip }) => {
  skip(server === "" && !inject("serverRequired"), "no server is built: run `make build` in the root first");

  expect(server).toMatch(/^http:/);
});

describe.skipIf(server === "")("before a real inference server", () => {
  const edge = new Edge({ ORIGIN: server });

  test("equal questions get equal bytes from one request to the server", async () => {
    const first = await edge.fetch("/predict?hashtags=wideleg&market=vn");
    const second = await edge.post("/predict", { market: "vn", hashtags: ["#WideLeg"] });

    expect(first.status).toBe(200);
    expect(own(first)).toBe("hemline-edge; fwd=miss; fwd-status=200; stored");
    expect(own(second)).toMatch(/^hemline-edge; hit; ttl=(300|299|29\d)$/);
    expect(second.text).toBe(first.text);
    expect(second.headers.get("ETag")).toBe(first.headers.get("ETag"));
    expect(second.headers.get("Cache-Tag")).toContain("model:trend");
  });

  test("a large compressed answer is stored whole", async () => {
    const body = { items: [SERIES, { ...SERIES, id: "again" }], include: "history" };

    const first = await edge.post("/v1/forecasts", body);
    const second = await edge.post("/v1/forecasts", body);

    expect(JSON.parse(second.text).forecasts).toHaveLength(2);
    expect(second.text).toBe(first.text);
    expect(own(second)).toContain("hit");
  });

  test("the bytes equal the server's own", async () => {
    const path = "/v1/forecasts?hashtags=wideleg,cargo&market=vn";

    const direct = await fetch(server + path);
    const through = await edge.fetch(path);

    expect(through.text).toBe(await direct.text());
    expect(through.headers.get("ETag")).toBe(direct.headers.get("ETag"));
  });

  test.each([
    ["a member twice", "/predict", '{"hashtags":["a"],"hashtags":["b"]}', 400],
    ["an unknown field", "/v1/forecasts", '{"items":[{"hashtag":"wideleg","colour":"red"}]}', 422],
    ["no JSON", "/v1/forecasts", "items", 400],
    ["an unknown market", "/predict", '{"hashtags":["wideleg"],"market":"atlantis"}', 422],
  ])("%s gets the server's own problem, which is not stored", async (_, path, body, status) => {
    const direct = await fetch(server + path, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json" },
    });
    const through = await edge.post(path, body);
    const again = await edge.post(path, body);

    expect(through.status).toBe(status);
    expect(through.text).toBe(await direct.text());
    expect(through.headers.get("Content-Type")).toBe("application/problem+json");
    expect(own(again)).not.toContain("hit");
  });

  test("the 404 of an unknown trend is stored", async () => {
    const first = await edge.fetch("/predict?hashtags=surely-unknown");
    const second = await edge.fetch("/predict?hashtags=surely-unknown");

    expect([first.status, second.status]).toEqual([404, 404]);
    expect(own(second)).toContain("hit");
  });

  test.each(["/", "/docs", "/openapi.json", "/health/ready", "/v1/trends?limit=2", "/v2"])(
    "%s passes through",
    async (path) => {
      const direct = await fetch(server + path);
      const through = await edge.fetch(path);

      expect(through.status).toBe(200);
      expect(through.text).toBe(await direct.text());
      expect(through.headers.get("Content-Type")).toBe(direct.headers.get("Content-Type"));
    },
  );
});

/** This hop's member of Cache-Status. */
function own(reply: Reply): string {
  return reply.headers.get("Cache-Status")?.split(", ").at(-1) ?? "";
}
