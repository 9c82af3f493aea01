import { describe, expect, test } from "vitest";
import { lifetimeOf, stateAt } from "./lifetime";

const LIFETIME = { fresh: 300, whileRevalidate: 300, ifError: 3600 };

function granted(headers: Record<string, string>, status = 200) {
  return lifetimeOf(status, new Headers(headers));
}

describe("the lifetime that an origin grants", () => {
  test("follows CDN-Cache-Control before Cache-Control", () => {
    const headers = {
      "Cache-Control": "public, max-age=60, stale-while-revalidate=300, stale-if-error=3600",
      "CDN-Cache-Control": "max-age=300, stale-while-revalidate=300, stale-if-error=3600",
    };

    expect(granted(headers)).toEqual(LIFETIME);
  });

  test("of an unknown trend follows Cache-Control", () => {
    expect(granted({ "Cache-Control": "public, max-age=30" }, 404)).toEqual({
      fresh: 30,
      whileRevalidate: 0,
      ifError: 0,
    });
  });

  test("has no stale use where the directives forbid it", () => {
    const stale = "stale-while-revalidate=9, stale-if-error=9";

    expect(granted({ "Cache-Control": `max-age=60, must-revalidate, ${stale}` })?.ifError).toBe(0);
    expect(granted({ "Cache-Control": `max-age=60, s-maxage=90, ${stale}` })).toEqual({
      fresh: 90,
      whileRevalidate: 0,
      ifError: 0,
    });
  });

  test.each([
    ["without directives", {}, 200],
    ["for an error with max-age", { "Cache-Control": "max-age=60" }, 503],
    ["for no-store", { "Cache-Control": "no-store, max-age=60" }, 200],
    ["for private", { "Cache-Control": "private, max-age=60" }, 200],
    ["for no-cache", { "Cache-Control": "no-cache, max-age=60" }, 200],
    ["for Vary on a client header", { "Cache-Control": "max-age=60", Vary: "Accept-Encoding, Hemline-Client" }, 200],
    ["for Vary: *", { "Cache-Control": "max-age=60", Vary: "*" }, 200],
    ["for Set-Cookie", { "Cache-Control": "max-age=60", "Set-Cookie": "a=b" }, 200],
  ])("is none %s", (_, headers, status) => {
    expect(granted(headers as unknown as Record<string, string>, status)).toBeUndefined();
  });
});

test.each([
  [0, "fresh"],
  [299, "fresh"],
  [300, "while-revalidate"],
  [599, "while-revalidate"],
  [600, "if-error"],
  [3899, "if-error"],
  [3900, "expired"],
])("after %i seconds an answer is %s", (age, state) => {
  expect(stateAt(age, LIFETIME)).toBe(state);
});
