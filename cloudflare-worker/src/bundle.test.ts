import { expect, inject, test } from "vitest";

test("the bundle has at most 32 KB", () => {
  expect(inject("bundleBytes")).toBeGreaterThan(1_000);
  expect(inject("bundleBytes")).toBeLessThanOrEqual(32_000);
});
