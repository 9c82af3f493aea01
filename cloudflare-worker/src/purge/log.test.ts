import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { PurgeLog } from "./log";

const NOW = 1_000_000;
const ROLLBACK = { tags: ["version:8"], mode: "hard", versions: ["7"], since: 1 } as const;

afterEach(async () => {
  const { keys } = await env.PURGES.list();
  await Promise.all(keys.map(({ name }) => env.PURGES.delete(name)));
});

test("what was read before a purge is not believed when it comes after it", async () => {
  let deliver = () => {};
  const delivery = new Promise<void>((resolve) => {
    deliver = resolve;
  });
  const log = new PurgeLog(over({ afterRead: () => delivery }));

  const asked = log.of(["version:8"], NOW);
  await log.record(ROLLBACK, NOW);
  deliver();

  const known = { soft: [], hard: [NOW], live: { versions: ["7"] } };
  expect(await asked).toMatchObject(known);
  expect(await log.of(["version:8"], NOW + 1)).toMatchObject(known);
});

test("whoever reads in the middle of a purge knows the live versions before the tags", async () => {
  const puts: string[] = [];
  const log = new PurgeLog(over({ beforePut: (key) => puts.push(key) }));

  await log.record(ROLLBACK, NOW);

  expect(puts).toEqual(["live", "hard/version:8"]);
});

type Hooks = { readonly afterRead?: () => Promise<void>; readonly beforePut?: (key: string) => void };

/** The namespace, watched. */
function over({ afterRead, beforePut }: Hooks): KVNamespace {
  const get = async (keys: string | string[], options: "json") => {
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
