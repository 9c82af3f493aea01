import { describe, expect, test } from "vitest";
import vectors from "../../../model-store/fixtures/edge-keys.json";
import { hexOf } from "../bytes";
import type { Endpoint } from "../route";
import { questionBytes } from "./layout";
import { type Question, readGet, readPost } from "./question";

describe("a question has the key of the shared test vectors, or none", () => {
  test.each(vectors)("$method $why", async ({ method, url, body, key }) => {
    const { pathname, search } = new URL(url, "https://edge.example");
    const endpoint = pathname as Endpoint;

    const question =
      method === "GET" ? readGet(endpoint, search) : readPost(endpoint, search, new TextEncoder().encode(body ?? ""));

    expect(await keyOf(question)).toBe(key);
  });

  test.each([[0xff], [0xc1, 0xb7], [0xed, 0xa0, 0x80], [0xe0, 0x81, 0xb7]])(
    "invalid UTF-8 in a body has no key: %j",
    (...bytes) => {
      const body = Uint8Array.from([
        ...new TextEncoder().encode('{"hashtags":["a'),
        ...bytes,
        ...new TextEncoder().encode('"]}'),
      ]);

      expect(readPost("/predict", "", body)).toBeUndefined();
    },
  );

  test("a number over the server's length limit has no key", () => {
    const number = `1.${"0".repeat(1000)}`;
    const body = `{"items":[{"series":[${number}],"last_week":"2026-11-16"}]}`;

    expect(readPost("/v1/forecasts", "", new TextEncoder().encode(body))).toBeUndefined();
  });
});

async function keyOf(question: Question | undefined): Promise<string | null> {
  return question === undefined ? null : hexOf(await crypto.subtle.digest("SHA-256", questionBytes(question)));
}
