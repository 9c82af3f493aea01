import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { advanceClock, Edge, freezeClock } from "../testing/edge";
import { Issuer } from "../testing/issuer";
import { forecast } from "../testing/origin-script";

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
    "signed with %s by its issuer opens the door for its subject",
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
    ["does not say when it expires", { exp: undefined }, {}],
    ["is not valid yet", { nbf: 31 }, {}],
    ["is of another issuer", { iss: "https://other.example" }, {}],
    ["is for another audience", { aud: ["other"] }, {}],
    ["names no client", { sub: undefined }, {}],
    ["names a client that no header can carry", { sub: "two\nlines" }, {}],
    ["is not signed at all", {}, { alg: "none" }],
    ["says another algorithm than its key", {}, { alg: "ES256" }],
    ["is signed with a shared secret", {}, { alg: "HS256" }],
    ["names no key", {}, { kid: undefined }],
    ["names a key that the issuer does not have", {}, { kid: "other" }],
    ["demands an extension that we do not know", {}, { crit: ["b64"] }],
  ])("that %s is refused", async (_, claims, head) => {
    const issuer = await Issuer.with("RS256");
    const edge = await edgeOf(issuer);

    const refused = await bearing(edge, await issuer.token(claims, head));

    expect(refused.status).toBe(401);
    expect(await edge.received()).toEqual([]);
  });

  test.each(["", "abc", "a.b", "a.b.c.d", "bm9uZQ.bm9uZQ.bm9uZQ"])(
    "that is none, such as %j, is refused",
    async (token) => {
      const edge = await edgeOf(await Issuer.with("RS256"));

      expect((await bearing(edge, token)).status).toBe(401);
    },
  );

  test("whose claims were changed is refused", async () => {
    const issuer = await Issuer.with("RS256");
    const edge = await edgeOf(issuer);
    const [head, , signature] = (await issuer.token({})).split(".");
    const [, claims] = (await issuer.token({ sub: "other" })).split(".");

    expect((await bearing(edge, `${head}.${claims}.${signature}`)).status).toBe(401);
  });

  test("that was verified is good until it expires, and not longer", async () => {
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
  test("are fetched once, and again when a token names a new one", async () => {
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

  test("are waited for by all tokens that come together, on a cold isolate and at rotation", async () => {
    const issuer = await Issuer.with("ES256");
    const edge = await edgeOf(issuer);
    const together = async () => {
      const tokens = await Promise.all(["shop", "press", "lab"].map((sub) => issuer.token({ sub })));
      const replies = await Promise.all(tokens.map((token) => bearing(edge, token)));
      return [replies.map(({ status }) => status), (await issuer.received()).length];
    };

    const cold = await together();
    await issuer.rotate();
    advanceClock(31);
    const rotated = await together();

    expect(cold).toEqual([[200, 200, 200], 1]);
    expect(rotated).toEqual([[200, 200, 200], 1]);
  });

  test("take the tokens with them that they signed, also those that were accepted before", async () => {
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

  test("that cannot be used are passed over", async () => {
    const issuer = await Issuer.with("ES256");
    const edge = await edgeOf(issuer);
    await issuer.publish(null, { kty: "EC", crv: "P-256", kid: "1", x: "AA", y: "AA" });

    const refused = await bearing(edge, await issuer.token({}));

    expect(refused.status).toBe(401);
  });

  test("are not asked for again and again for keys that are made up", async () => {
    const issuer = await Issuer.with("RS256");
    const edge = await edgeOf(issuer);

    for (const kid of ["a", "b", "c"]) {
      await bearing(edge, await issuer.token({}, { kid }));
    }

    expect(await issuer.received()).toHaveLength(1);
  });

  test("stay good while the issuer is down", async () => {
    const issuer = await Issuer.with("RS256");
    const edge = await edgeOf(issuer);

    await bearing(edge, await issuer.token({}));
    await issuer.goDown();
    advanceClock(601);
    const answered = await bearing(edge, await issuer.token({ sub: "press" }));

    expect(answered.status).toBe(200);
  });

  test("that were never seen are a problem 503 and not the client's fault", async () => {
    const issuer = await Issuer.with("RS256");
    const edge = await edgeOf(issuer);
    await issuer.goDown();

    const refused = await bearing(edge, await issuer.token({}));

    expect(refused.status).toBe(503);
    expect(refused.headers.get("Retry-After")).toBe("5");
  });
});
