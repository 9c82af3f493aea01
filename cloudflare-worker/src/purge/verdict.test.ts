import { describe, expect, test } from "vitest";
import { isSettling, type Live, type Purges, verdictOn } from "./verdict";

const NOTHING: Purges = { soft: [], hard: [], live: undefined };

function live(mode: "soft" | "hard", ...versions: string[]): Live {
  return { versions, mode, since: 1, at: 1000 };
}

describe("the verdict on an answer", () => {
  test("without purges it is kept", () => {
    expect(verdictOn(1000, "7", NOTHING)).toBe("keep");
  });

  test("a soft purge makes older answers stale, and none that was asked for later", () => {
    expect(verdictOn(1000, "7", { ...NOTHING, soft: [1000] })).toBe("stale");
    expect(verdictOn(1001, "7", { ...NOTHING, soft: [1000] })).toBe("keep");
  });

  test("a hard purge makes older answers unusable, also behind a later soft one", () => {
    expect(verdictOn(1000, "7", { ...NOTHING, soft: [2000], hard: [1000] })).toBe("gone");
  });

  test("an answer of a version that is not live is as the last purge wished", () => {
    expect(verdictOn(5000, "7", { ...NOTHING, live: live("soft", "8") })).toBe("stale");
    expect(verdictOn(5000, "8", { ...NOTHING, live: live("hard", "7") })).toBe("gone");
    expect(verdictOn(5000, "8", { ...NOTHING, live: live("soft", "8", "9") })).toBe("keep");
  });

  test("an answer without a version is of no wrong one", () => {
    expect(verdictOn(5000, undefined, { ...NOTHING, live: live("hard", "7") })).toBe("keep");
  });

  test("for a minute the caches below are passed by", () => {
    expect(isSettling({ ...NOTHING, live: live("soft", "8") }, 60_999)).toBe(true);
    expect(isSettling({ ...NOTHING, live: live("soft", "8") }, 61_000)).toBe(false);
  });
});
