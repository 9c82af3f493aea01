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
  "%j has no canonical form here",
  (text) => {
    expect(canonicalHashtag(text)).toBeUndefined();
  },
);

test("the length limit counts code points", () => {
  expect(canonicalHashtag("👗".repeat(100))).toBe("👗".repeat(100));
});
