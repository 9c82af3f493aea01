import { expect, test } from "vitest";
import { canonicalHashtag } from "./hashtag";

test.each([
  ["WideLeg", "wideleg"],
  ["  ##WideLeg ", "wideleg"],
  ["\u00a0# # wide leg\u3000", "wide leg"],
  ["ＷｉｄｅＬｅｇ", "wideleg"],
  ["ﬁt", "fit"],
  ["İ", "i\u0307"],
  ["👗Dress", "👗dress"],
])("%j is %j", (text, canonical) => {
  expect(canonicalHashtag(text)).toBe(canonical);
});

test.each(["", "#", " ", "a\nb", "\ud83d", "ΑΣ", "a".repeat(101), " ".repeat(1001)])(
  "%j is the server's to read",
  (text) => {
    expect(canonicalHashtag(text)).toBeUndefined();
  },
);

test("a hundred characters beyond the basic plane are a hundred characters", () => {
  expect(canonicalHashtag("👗".repeat(100))).toBe("👗".repeat(100));
});
