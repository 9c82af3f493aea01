import { expect, test } from "vitest";
import { LruMap } from "./lru-map";

test("a full map evicts only the least recently used entry", () => {
  const recent = new LruMap<number>(3);

  for (const [key, value] of Object.entries({ a: 1, b: 2, c: 3 })) {
    recent.set(key, value);
  }
  recent.set("a", 4);
  recent.get("b");
  recent.set("d", 5);

  expect(["a", "b", "c", "d"].map((key) => recent.get(key))).toEqual([4, 2, undefined, 5]);
});
