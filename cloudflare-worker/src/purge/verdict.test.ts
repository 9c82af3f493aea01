import { describe, expect, test } from "vitest";
import { isSettling, type Live, type Purges, verdictOn } from "./verdict";

const NOTHING: Purges = { soft: [], hard: [], live: undefined };

function live(mode: "soft" | "hard", ...versions: string[]): Live {
  return { versions, mode, since: 1, at: 1000 };
}

describe("the verdict on an entry", () => {
  test("without purges is keep", () => {
    expect(verdictOn(1000, "7", NOTHING)).toBe("keep");
  });

  test("of a soft purge is stale for entries requested before it", () => {
    expect(verdictOn(1000, "7", { ...NOTHING, soft: [1000] })).toBe("stale");
    expect(verdictOn(1001, "7", { ...NOTHING, soft: [1000] })).toBe("keep");
  });

  test("of a hard purge is gone for entries requested before it, also after a later soft purge", () => {
    expect(verdictOn(1000, "7", { ...NOTHING, soft: [2000], hard: [1000] })).toBe("gone");
  });

  test("for a version that is not live follows the mode of the last purge", () => {
    expect(verdictOn(5000, "7", { ...NOTHING, live: live("soft", "8") })).toBe("stale");
    expect(verdictOn(5000, "8", { ...NOTHING, live: live("hard", "7") })).toBe("gone");
    expect(verdictOn(5000, "8", { ...NOTHING, live: live("soft", "8", "9") })).toBe("keep");
  });

  test("for an entry without a version is keep", () => {
    expect(verdictOn(5000, undefined, { ...NOTHING, live: live("hard", "7") })).toBe("keep");
  });

  test("requests bypass the lower caches for a minute after a purge", () => {
    expect(isSettling({ ...NOTHING, live: live("soft", "8") }, 60_999)).toBe(true);
    expect(isSettling({ ...NOTHING, live: live("soft", "8") }, 61_000)).toBe(false);
  });
});
