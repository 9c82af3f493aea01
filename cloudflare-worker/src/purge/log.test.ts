import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { PurgeLog } from "./log";

const NOW = 1_000_000;
const ROLLBACK = { tags: ["version:8"], mode: "hard", versions: ["7"], since: 1 } as const;

afterEach(async () => {
  const { keys } = await env.PURGES.list();
  await Promise.all(keys.map(({ name }) => env.PURGES.delete(name)));
});

test("a KV read that started before a purge and ends after it is repeated", async () => {
  let deliver = () => {};
  const delivery = new Promise<void>((resolve) => {
    deliver = resolve;
  });
  const log = new PurgeLog(hooked({ afterRead: () => delivery }));

  const pending = log.purgesOf(["version:8"], NOW);
  await log.record(ROLLBACK, NOW);
  deliver();

  const known = { soft: [], hard: [NOW], live: { versions: ["7"] } };
  expect(await pending).toMatchObject(known);
  expect(await log.purgesOf(["version:8"], NOW + 1)).toMatchObject(known);
});

test("a purge writes the live versions before the tags", async () => {
  const puts: string[] = [];
  const log = new PurgeLog(hooked({ beforePut: (key) => puts.push(key) }));

  await log.record(ROLLBACK, NOW);

  expect(puts).toEqual(["live", "hard/version:8"]);
});

test("an overflowing local cache does not change the result", async () => {
  const log = new PurgeLog(hooked({}));
  const known = { soft: [], hard: [NOW], live: { versions: ["7"] } };
  await log.record(ROLLBACK, NOW);
  expect(await log.purgesOf(["version:8"], NOW)).toMatchObject(known);

  const answers: unknown[] = [];
  for (let i = 0; i < 600; i++) {
    await log.purgesOf([`market:${i}`], NOW + 1);
    answers.push(await log.purgesOf(["version:8", `market:${i}`], NOW + 1));
  }

  expect(answers).toMatchObject(answers.map(() => known));
});

test("the local cache is bounded and has the latest reads", async () => {
  const readKeys: string[] = [];
  const log = new PurgeLog(hooked({ beforeRead: (keys) => readKeys.push(...keys) }));
  const markets = Array.from({ length: 1000 }, (_, i) => `market:${i}`);
  for (const market of markets) {
    await log.purgesOf([market], NOW);
  }

  readKeys.length = 0;
  await log.purgesOf(["market:0"], NOW);
  await log.purgesOf(["market:999"], NOW);

  expect(readKeys).toEqual(["soft/market:0", "hard/market:0"]);
});

type Hooks = {
  readonly beforeRead?: (keys: string[]) => void;
  readonly afterRead?: () => Promise<void>;
  readonly beforePut?: (key: string) => void;
};

/** The namespace with hooks. */
function hooked({ beforeRead, afterRead, beforePut }: Hooks): KVNamespace {
  const get = async (keys: string | string[], options: "json") => {
    beforeRead?.(typeof keys === "string" ? [keys] : keys);
    const read = await env.PURGES.get(keys as string, options);
    await (typeof keys === "string" ? undefined : afterRead?.());
    return read;
  };
  const put = (key: string, value: string) => {
    beforePut?.(key);
    return env.PURGES.put(key, value);
  };
  return { get, put } as unknown as KVNamespace;
}
