/** One elliptic key: what signs, and what the issuer publishes of it. */
export type Signer = { readonly privateKey: CryptoKey; readonly jwk: JsonWebKey };

/** A new key of that name. */
export async function signerWith(kid: string): Promise<Signer> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const pair = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const jwk = (await crypto.subtle.exportKey("jwk", pair.publicKey)) as JsonWebKey;
  return { privateKey: pair.privateKey, jwk: { ...jwk, kid, use: "sig", alg: "ES256" } as JsonWebKey };
}

/** A token of that very header and payload. */
export async function signed(signer: Signer, head: string, payload: string): Promise<string> {
  const text = `${base64Url(head)}.${base64Url(payload)}`;
  const signature = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" },
    signer.privateKey,
    new TextEncoder().encode(text),
  );
  return `${text}.${base64Url(signature)}`;
}

function base64Url(content: string | ArrayBuffer): string {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
