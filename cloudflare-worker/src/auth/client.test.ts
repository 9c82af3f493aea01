import { beforeAll, describe, expect, test } from "vitest";
import { hexOf, sha256 } from "../bytes";
import { Edge } from "../testing/edge";
import { forecast } from "../testing/origin-script";

let keys: string;

beforeAll(async () => {
  const hash = async (key: string) => hexOf(await sha256(key));
  keys = JSON.stringify({ shop: [await hash("old key"), await hash("new key")], press: [await hash("other key")] });
});

function edge(bindings: Partial<Env> = {}): Promise<Edge> {
  return new Edge({ AUTH_MODE: "api-key", API_KEYS: keys, ...bindings }).with(forecast("7"));
}

describe("an API key", () => {
  test.each([
    ["old key", "shop"],
    ["new key", "shop"],
    ["other key", "press"],
  ])("%j authenticates %s; the origin gets the client id and the Worker's own key", async (key, client) => {
    const shop = await edge();

    const answered = await shop.fetch(shop.path, {
      headers: { "X-API-Key": key, Authorization: "Basic abc", Cookie: "a=b", "Hemline-Client": "forged" },
    });

    expect(answered.status).toBe(200);
    const [received] = await shop.received();
    expect(received?.headers).toMatchObject({ "x-api-key": "the-edge's-own-key", "hemline-client": client });
    expect(received?.headers).not.toHaveProperty("authorization");
    expect(received?.headers).not.toHaveProperty("cookie");
  });

  test("that is unknown or missing gets 401 before any cache look-up", async () => {
    const shop = await edge();

    await shop.fetch(shop.path, { headers: { "X-API-Key": "old key" } });
    const wrong = await shop.fetch(shop.path, { headers: { "X-API-Key": "old" } });
    const missing = await shop.fetch();

    expect(wrong.status).toBe(401);
    expect(wrong.text).not.toContain('old"');
    expect(wrong.headers.has("Cache-Status")).toBe(false);
    expect(missing.status).toBe(401);
    expect(missing.headers.get("WWW-Authenticate")).toBe('Bearer realm="hemline"');
    expect(missing.headers.get("Cache-Control")).toBe("no-store");
  });

  test("is not required on public paths, where the Worker sends none either", async () => {
    const shop = await edge();

    const answered = await shop.fetch("/health/ready");
    const preflight = await shop.fetch("/predict", { method: "OPTIONS" });

    expect([answered.status, preflight.status]).toEqual([200, 200]);
    expect((await shop.received())[0]?.headers).not.toHaveProperty("x-api-key");
  });

  test("is required on pass-through paths too", async () => {
    const shop = await edge();

    const closed = await shop.fetch("/v1/trends");
    const open = await shop.fetch("/v1/trends?limit=5", { headers: { "X-API-Key": "new key" } });

    expect([closed.status, open.status]).toEqual([401, 200]);
    expect((await shop.received())[0]?.url).toBe("/v1/trends?limit=5");
  });

  test("shares cached answers with other clients", async () => {
    const shop = await edge();

    await shop.fetch(shop.path, { headers: { "X-API-Key": "old key" } });
    const press = await shop.fetch(shop.path, { headers: { "X-API-Key": "other key" } });

    expect(press.headers.get("Cache-Status")).toContain("hemline-edge; hit");
  });

  test("does not share answers that vary by client", async () => {
    const shop = await edge();
    await shop.with(forecast("7", { Vary: "Hemline-Client" }), forecast("8", { Vary: "Hemline-Client" }));

    await shop.fetch(shop.path, { headers: { "X-API-Key": "old key" } });
    const press = await shop.fetch(shop.path, { headers: { "X-API-Key": "other key" } });

    expect(press.text).toContain('"8"');
  });
});

describe("an invalid setting fails every request with a problem that names it", () => {
  test.each([
    ["AUTH_MODE", { AUTH_MODE: "" }],
    ["AUTH_MODE", { AUTH_MODE: "non" }],
    ["API_KEYS", { API_KEYS: "" }],
    ["API_KEYS", { API_KEYS: "[]" }],
    ["API_KEYS", { API_KEYS: '{"shop": ["not a hash"]}' }],
    ["API_KEYS", { API_KEYS: '{"two words": []}' }],
    ["JWT_ISSUER", { AUTH_MODE: "api-key jwt" }],
    ["ORIGIN", { ORIGIN: "nowhere" }],
    ["ORIGIN_TIMEOUT_MS", { ORIGIN_TIMEOUT_MS: "soon" }],
    ["RATE_LIMIT", { RATE_LIMIT: "" }],
  ])("%s of %j", async (name, bindings) => {
    const shop = await edge(bindings);

    const refused = await shop.fetch(shop.path, { headers: { "X-API-Key": "old key" } });

    expect(refused.status).toBe(500);
    expect(refused.text).toContain(name);
    expect(await shop.received()).toEqual([]);
  });
});
