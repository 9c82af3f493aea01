import { describe, expect, it } from "vitest";
import cases from "../../../model-store/fixtures/client-networks.json";
import { networkOf } from "./network";

describe("clients without a name", () => {
  it.each(cases)("are counted by network: $address", ({ address, network }) => {
    expect(networkOf(address)).toBe(network);
  });
});
