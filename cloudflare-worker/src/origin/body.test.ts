import { expect, test } from "vitest";
import { readUpTo, rejectOversized } from "./body";

test("a Content-Length over the limit is refused before the body is read", () => {
  expect(() => rejectOversized(new Headers({ "Content-Length": "11" }), 10)).toThrow("at most 10 bytes");
  expect(() => rejectOversized(new Headers({ "Content-Length": "10" }), 10)).not.toThrow();
});

test("reading stops after the chunk that exceeds the limit", async () => {
  let pulled = 0;
  const endless = new ReadableStream({
    pull: (controller) => {
      pulled++;
      controller.enqueue(new Uint8Array(100));
    },
  });

  const { start, rest } = await readUpTo(endless, 250);
  await rest?.cancel();

  expect(start.length).toBe(300);
  expect(pulled).toBeLessThan(6);
});

test("a missing body reads as an empty one", async () => {
  expect(await readUpTo(null, 10)).toEqual({ start: new Uint8Array(), rest: undefined });
});
