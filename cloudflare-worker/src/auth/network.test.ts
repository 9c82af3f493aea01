import { describe, expect, it } from "vitest";
import cases from "../../../model-store/fixtures/client-networks.json";
import { networkOf } from "./network";

describe("anonymous clients", () => {
  it.each(cases)("are limited by network: $address", ({ address, network }) => {
    expect(networkOf(address)).toBe(network);
  });
});
