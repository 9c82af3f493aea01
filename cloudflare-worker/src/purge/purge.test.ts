import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { advanceClock, Edge, freezeClock, signature } from "../testing/edge";
import { forecast } from "../testing/origin-script";

beforeEach(freezeClock);
afterEach(async () => {
  const { keys } = await env.PURGES.list();
  await Promise.all(keys.map(({ name }) => env.PURGES.delete(name)));
  advanceClock(10);
  vi.useRealTimers();
});

const SWAP = { tags: ["model:trend"], mode: "soft", versions: ["8"] };
const ROLLBACK = { tags: ["version:8"], mode: "hard", versions: ["7"] };

describe("after a soft purge", () => {
  test("the old answer is served once while the new one is fetched with no-cache", async () => {
    const edge = await new Edge().with(forecast("7"), forecast("8"));

    await edge.fetch();
    const purged = await edge.purge(SWAP);
    advanceClock(1);
    const stale = await edge.fetch();
    const fresh = await edge.fetch();

    expect(purged).toMatchObject({ status: 200, text: '{"purged":["model:trend"],"mode":"soft","versions":["8"]}' });
    expect(stale.text).toContain('"7"');
    expect(stale.headers.get("Cache-Status")).toContain("detail=stale-while-revalidate");
    expect(fresh.text).toContain('"8"');
    expect(fresh.headers.get("Cache-Status")).toContain("hemline-edge; hit; ttl=300");
    expect((await edge.received())[1]?.headers).toMatchObject({ "cache-control": "no-cache" });
  });

  test("an answer of a replica that still has the old version is not stored and never follows a new one", async () => {
    const edge = await new Edge().with(forecast("7"), forecast("7"), forecast("8"), forecast("7"), "reset");

    await edge.fetch();
    await edge.purge(SWAP);
    advanceClock(1);
    const seen = [];
    for (const seconds of [0, 0, 0, 301, 301]) {
      advanceClock(seconds);
      seen.push(JSON.parse((await edge.fetch()).text).model_version);
    }

    expect(seen).toEqual(["7", "7", "8", "8", "8"]);
    const statuses = (await edge.fetch()).headers.get("Cache-Status");
    expect(statuses).toContain("detail=stale-if-error");
  });

  test("without a better answer the client gets the old one with no-store", async () => {
    const edge = await new Edge().with(forecast("7"), forecast("8"));

    await edge.purge(SWAP);
    advanceClock(1);
    const old = await edge.fetch();
    const fresh = await edge.fetch();

    expect(old.text).toContain('"7"');
    expect(old.headers.get("Cache-Control")).toBe("no-store");
    expect(old.headers.get("Cache-Status")).toContain("fwd=miss; fwd-status=200; detail=version-not-live");
    expect(fresh.text).toContain('"8"');
  });

  test("an entry stored by a location that had not yet seen the purge is stale", async () => {
    const edge = await new Edge().with(forecast("7"), forecast("8"));

    advanceClock(-10);
    await edge.purge(SWAP);
    await env.PURGES.delete("live");
    advanceClock(10);
    await edge.fetch();
    await env.PURGES.put("live", JSON.stringify({ versions: ["8"], mode: "soft", since: 0, at: Date.now() }));
    advanceClock(6);
    const stale = await edge.fetch();
    const fresh = await edge.fetch();

    expect(stale.headers.get("Cache-Status")).toContain("detail=stale-while-revalidate");
    expect(fresh.text).toContain('"8"');
  });

  test("answers of other markets stay fresh", async () => {
    const edge = await new Edge().with(forecast("7"));

    await edge.fetch();
    await edge.purge({ tags: ["market:us"], mode: "soft", versions: ["7"] });
    advanceClock(1);
    const stored = await edge.fetch();

    expect(stored.headers.get("Cache-Status")).toContain("hemline-edge; hit; ttl=299");
  });

  test("the purged answer is served when the origin fails", async () => {
    const edge = await new Edge().with(forecast("7"), "reset");

    await edge.fetch();
    await edge.purge({ ...SWAP, tags: ["market:vn"] });
    advanceClock(700);
    const stale = await edge.fetch();

    expect(stale.headers.get("Cache-Status")).toContain("detail=stale-if-error");
  });
});

describe("after a hard purge", () => {
  test("an answer of the version that was rolled back is never served again, even when the origin fails", async () => {
    const edge = await new Edge().with(forecast("8"), "reset", forecast("7"));

    await edge.fetch();
    await edge.purge(ROLLBACK);
    advanceClock(1);
    const failed = await edge.fetch();
    const right = await edge.fetch();

    expect(failed.status).toBe(503);
    expect(right.text).toContain('"7"');
    expect((await edge.received())[2]?.headers).toMatchObject({ "cache-control": "no-cache" });
  });

  test("answers of the version that is live again stay fresh", async () => {
    const edge = await new Edge().with(forecast("7"));

    await edge.fetch();
    await edge.purge(ROLLBACK);
    advanceClock(1);
    const stored = await edge.fetch();

    expect(stored.headers.get("Cache-Status")).toContain("hemline-edge; hit; ttl=299");
  });

  test("a purge from a replica that has yet to swap does not restore the old version", async () => {
    const edge = await new Edge().with(forecast("8"), forecast("7"), forecast("8"));
    const swappedAt = Date.now() - 60_000;

    await edge.fetch();
    await edge.purge({ ...ROLLBACK, since: swappedAt });
    await edge.purge({ tags: ["market:vn"], mode: "soft", versions: ["8"], since: swappedAt - 1 });
    advanceClock(1);
    const right = await edge.fetch();
    const other = await edge.fetch();

    expect([right.text, other.text]).toEqual([expect.stringContaining('"7"'), expect.stringContaining('"7"')]);
  });

  test("an older purge that arrives late does not restore the old version", async () => {
    const edge = await new Edge().with(forecast("8"), forecast("7"));
    const late = JSON.stringify(SWAP);
    const signed = await signature(late, Math.floor(Date.now() / 1000) - 100);

    await edge.purge(ROLLBACK);
    await edge.post("/__purge", late, { "X-Hemline-Signature": signed });
    advanceClock(1);
    const wrong = await edge.fetch();

    expect(wrong.headers.get("Cache-Status")).toContain("detail=version-not-live");
  });
});

describe("a purge is refused", () => {
  test.each([
    ["an unknown tag", { ...SWAP, tags: ["colour:red"] }],
    ["no tags", { ...SWAP, tags: [] }],
    ["another mode", { ...SWAP, mode: "gentle" }],
    ["no versions", { ...SWAP, versions: [] }],
    ["an unknown member", { ...SWAP, force: true }],
    ["a time in the far future", { ...SWAP, since: Date.now() + 310_000 }],
    ["an invalid time", { ...SWAP, since: "now" as unknown as number }],
  ])("for %s", async (_, body) => {
    const refused = await new Edge().purge(body);

    expect(refused.status).toBe(422);
  });

  test("without a valid signature", async () => {
    const edge = new Edge();

    const unsigned = await edge.post("/__purge", SWAP);
    const wrong = await edge.post("/__purge", SWAP, {
      "X-Hemline-Signature": await signature("{}", Date.now() / 1000),
    });

    expect(unsigned.status).toBe(401);
    expect(wrong.status).toBe(401);
    expect((await env.PURGES.list()).keys).toEqual([]);
  });

  test("when its body exceeds the limit", async () => {
    const refused = await new Edge().post("/__purge", "x".repeat(70_000));

    expect(refused.status).toBe(413);
  });

  test("without a configured secret", async () => {
    const refused = await new Edge({ PURGE_SECRET: "" }).purge(SWAP);

    expect(refused.status).toBe(503);
  });

  test("with 503 when KV fails, so that the sender retries", async () => {
    const broken = { ...env.PURGES, get: async () => null, put: () => Promise.reject(new Error("429")) };

    const refused = await new Edge({ PURGES: broken as unknown as KVNamespace }).purge(SWAP);

    expect(refused.status).toBe(503);
    expect(refused.headers.get("Retry-After")).toBe("1");
  });
});

test("while KV cannot be read, the Worker fetches every answer", async () => {
  const broken = { ...env.PURGES, get: () => Promise.reject(new Error("down")) };
  const edge = await new Edge({ PURGES: broken as unknown as KVNamespace }).with(forecast("7"), forecast("8"));

  const first = await edge.fetch();
  const second = await edge.fetch();

  expect([first.status, second.status]).toEqual([200, 200]);
  expect(second.text).toContain('"8"');
});
