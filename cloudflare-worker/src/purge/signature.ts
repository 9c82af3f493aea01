import { fromHex } from "../bytes";

const TOLERANCE_SECONDS = 300;

/**
 * The time of a valid signature `X-Hemline-Signature: t=<unix>,v1=<HMAC-SHA256 of "t.body", hex>`, in seconds;
 * `undefined` for an invalid one or one more than five minutes off. WebCrypto compares in constant time.
 */
export async function signedAt(
  header: string | null,
  body: Uint8Array,
  secret: string,
  now: number,
): Promise<number | undefined> {
  const [, time, signature] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? "") ?? [];
  if (time === undefined || signature === undefined) {
    return undefined;
  }
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), hmac, false, ["verify"]);
  const prefix = new TextEncoder().encode(`${time}.`);
  const signed = new Uint8Array(prefix.length + body.length);
  signed.set(prefix);
  signed.set(body, prefix.length);
  const genuine = await crypto.subtle.verify(hmac, key, fromHex(signature), signed);
  return genuine && Math.abs(now / 1000 - Number(time)) <= TOLERANCE_SECONDS ? Number(time) : undefined;
}
