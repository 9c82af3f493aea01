import { expect, test } from "vitest";
import vectors from "../../../model-store/fixtures/purge.json";
import { signedAt } from "./signature";

test.each(vectors)("a purge $why: accepted $accepted", async ({ secret, body, signature, now, accepted }) => {
  const signed = await signedAt(signature, new TextEncoder().encode(body), secret, now * 1000);

  expect(signed !== undefined).toBe(accepted);
});

test("the signature of an altered body is invalid", async () => {
  const [good] = vectors;

  const signed = await signedAt(
    good?.signature ?? "",
    new TextEncoder().encode(`${good?.body} `),
    good?.secret ?? "",
    1000 * (good?.now ?? 0),
  );

  expect(signed).toBeUndefined();
});
