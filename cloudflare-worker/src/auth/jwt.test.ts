import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import table from "../../../model-store/fixtures/tokens.json";
import { advanceClock, Edge, freezeClock } from "../testing/edge";
import { Issuer, newSigningKey, signToken } from "../testing/issuer";
import { forecast } from "../testing/origin-script";
import { Jwks } from "./jwks";
import { clientOfToken } from "./jwt";

beforeEach(freezeClock);
afterEach(() => vi.useRealTimers());

async function edgeOf(issuer: Issuer): Promise<Edge> {
  const { url } = issuer;
  const edge = new Edge({
    AUTH_MODE: "jwt",
    JWT_ISSUER: "https://issuer.example",
    JWT_AUDIENCE: "hemline",
    JWKS_URL: url,
  });
  return edge.with(forecast("7"));
}

function bearing(edge: Edge, token: string) {
  return edge.fetch(edge.path, { headers: { Authorization: `Bearer ${token}` } });
}

describe("a token", () => {
  test.each(["RS256", "ES256"] as const)(
    "signed with %s by its issuer authenticates its subject",
    async (algorithm) => {
      const issuer = await Issuer.with(algorithm);
      const edge = await edgeOf(issuer);

      const answered = await bearing(edge, await issuer.token({}));

      expect(answered.status).toBe(200);
      const [received] = await edge.received();
      expect(received?.headers).toMatchObject({ "hemline-client": "shop", "x-api-key": "the-edge's-own-key" });
      expect(received?.headers).not.toHaveProperty("authorization");
    },
  );

  test.each([
    ["has expired", { exp: -31 }, {}],
    ["has no expiry", { exp: undefined }, {}],
    ["is not valid yet", { nbf: 31 }, {}],
    ["names another issuer", { iss: "https://other.example" }, {}],
    ["names another audience", { aud: ["other"] }, {}],
    ["names no client", { sub: undefined }, {}],
    ["names a client that is no valid header value", { sub: "two\nlines" }, {}],
    ["is unsigned", {}, { alg: "none" }],
    ["names another algorithm than its key", {}, { alg: "ES256" }],
    ["is signed with a shared secret", {}, { alg: "HS256" }],
    ["names no key", {}, { kid: undefined }],
    ["names a key that the issuer lacks", {}, { kid: "other" }],
    ["requires an unknown extension", {}, { crit: ["b64"] }],
  ])("that %s is refused", async (_, claims, head) => {
    const issuer = await Issuer.with("RS256");
    const edge = await edgeOf(issuer);

    const refused = await bearing(edge, await issuer.token(claims, head));

    expect(refused.status).toBe(401);
    expect(await edge.received()).toEqual([]);
  });

  test.each(["", "abc", "a.b", "a.b.c.d", "bm9uZQ.bm9uZQ.bm9uZQ"])(
    "that is malformed, such as %j, is refused",
    async (token) => {
      const edge = await edgeOf(await Issuer.with("RS256"));

      expect((await bearing(edge, token)).status).toBe(401);
    },
  );

  test("with altered claims is refused", async () => {
    const issuer = await Issuer.with("RS256");
    const edge = await edgeOf(issuer);
    const [head, , signature] = (await issuer.token({})).split(".");
    const [, claims] = (await issuer.token({ sub: "other" })).split(".");

    expect((await bearing(edge, `${head}.${claims}.${signature}`)).status).toBe(401);
  });

  test("stays verified until it expires", async () => {
    const issuer = await Issuer.with("ES256");
    const edge = await edgeOf(issuer);
    const token = await issuer.token({ exp: 100 });

    const first = await bearing(edge, token);
    await issuer.goDown();
    advanceClock(129);
    const last = await bearing(edge, token);
    advanceClock(1);
    const expired = await bearing(edge, token);

    expect([first.status, last.status, expired.status]).toEqual([200, 200, 401]);
  });
});

describe("the issuer's keys", () => {
  test("are fetched once, and again when a token names an unknown key", async () => {
    const issuer = await Issuer.with("RS256");
    const edge = await edgeOf(issuer);

    await bearing(edge, await issuer.token({}));
    await bearing(edge, await issuer.token({ sub: "press" }));
    const before = (await issuer.received()).length;
    await issuer.rotate();
    advanceClock(31);
    const rotated = await bearing(edge, await issuer.token({}));

    expect(before).toBe(1);
    expect(rotated.status).toBe(200);
    expect(await issuer.received()).toHaveLength(1);
  });

  test("are fetched once for concurrent tokens, on a cold isolate and at rotation", async () => {
    const issuer = await Issuer.with("ES256");
    const edge = await edgeOf(issuer);
    const together = async () => {
      const tokens = await Promise.all(["shop", "press", "lab"].map((sub) => issuer.token({ sub })));
      const responses = await Promise.all(tokens.map((token) => bearing(edge, token)));
      return [responses.map(({ status }) => status), (await issuer.received()).length];
    };

    const cold = await together();
    await issuer.rotate();
    advanceClock(31);
    const rotated = await together();

    expect(cold).toEqual([[200, 200, 200], 1]);
    expect(rotated).toEqual([[200, 200, 200], 1]);
  });

  test("invalidate cached tokens when they are withdrawn", async () => {
    const issuer = await Issuer.with("ES256");
    const edge = await edgeOf(issuer);
    const old = await issuer.token({ exp: 3600 });

    const before = await bearing(edge, old);
    await issuer.rotate();
    advanceClock(601);
    await bearing(edge, old);
    const after = await bearing(edge, old);

    expect([before.status, after.status]).toEqual([200, 401]);
  });

  test("that are unusable are ignored", async () => {
    const issuer = await Issuer.with("ES256");
    const edge = await edgeOf(issuer);
    await issuer.publish(null, { kty: "EC", crv: "P-256", kid: "1", x: "AA", y: "AA" });

    const refused = await bearing(edge, await issuer.token({}));

    expect(refused.status).toBe(401);
  });

  test("are not fetched again for every unknown key id", async () => {
    const issuer = await Issuer.with("RS256");
    const edge = await edgeOf(issuer);

    for (const kid of ["a", "b", "c"]) {
      await bearing(edge, await issuer.token({}, { kid }));
    }

    expect(await issuer.received()).toHaveLength(1);
  });

  test("stay usable while the issuer is down", async () => {
    const issuer = await Issuer.with("RS256");
    const edge = await edgeOf(issuer);

    await bearing(edge, await issuer.token({}));
    await issuer.goDown();
    advanceClock(601);
    const answered = await bearing(edge, await issuer.token({ sub: "press" }));

    expect(answered.status).toBe(200);
  });

  test("that were never fetched are a problem 503, not 401", async () => {
    const issuer = await Issuer.with("RS256");
    const edge = await edgeOf(issuer);
    await issuer.goDown();

    const refused = await bearing(edge, await issuer.token({}));

    expect(refused.status).toBe(503);
    expect(refused.headers.get("Retry-After")).toBe("5");
  });
});

/** Headers and times of tokens, by the test cases that the Worker and the server share. */
test.each(table.tokens)("a token $why: accepted $accepted", async ({ header, claims, accepted }) => {
  const now = table.now * 1000;
  const key = await newSigningKey("k");
  const jwks = new Jwks(
    async () => ({ keys: [key.jwk] }),
    () => now,
  );
  const rules = { issuer: table.issuer, audience: table.audience, jwks, now, waitUntil: () => undefined };

  const verified = clientOfToken(await signToken(key, header, claims), rules);

  if (accepted) {
    expect(await verified).toMatchObject({ client: "shop" });
  } else {
    await expect(verified).rejects.toMatchObject({ status: 401 });
  }
});
