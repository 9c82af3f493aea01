import { expect, test } from "vitest";
import table from "../../../model-store/fixtures/tokens.json";
import { signed, signerWith } from "../testing/signer";
import { Jwks } from "./jwks";
import { clientOfToken } from "./jwt";

/** What a token's header and times may be, by the table that the server is tested on too. */
test.each(table.tokens)("a token $why: accepted $accepted", async ({ header, claims, accepted }) => {
  const now = table.now * 1000;
  const signer = await signerWith("k");
  const jwks = new Jwks(
    async () => ({ keys: [signer.jwk] }),
    () => now,
  );
  const rules = { issuer: table.issuer, audience: table.audience, jwks, now, waitUntil: () => undefined };

  const proven = clientOfToken(await signed(signer, header, claims), rules);

  if (accepted) {
    expect(await proven).toMatchObject({ client: "shop" });
  } else {
    await expect(proven).rejects.toMatchObject({ status: 401 });
  }
});
