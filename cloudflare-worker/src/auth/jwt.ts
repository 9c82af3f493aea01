import { fromBase64Url } from "../bytes";
import { unauthenticated } from "../problem";
import { isClientId } from "./api-key";
import type { Jwks, WaitUntil } from "./jwks";
import { isAlgorithm } from "./public-key";

/** The permitted clock skew between the issuer and the edge. */
const LEEWAY_SECONDS = 30;
/** The last second of the year 9999. */
const MAX_SECONDS = 253_402_300_799;
/** The `typ` of access tokens (RFC 9068) and common alternatives; excludes logout and ID tokens (RFC 8725, 3.11). */
const TYPES: readonly unknown[] = ["jwt", "at+jwt", "application/jwt", "application/at+jwt"];
const VERIFY = {
  RS256: { name: "RSASSA-PKCS1-v1_5" },
  ES256: { name: "ECDSA", hash: "SHA-256" },
} as const;

/** The requirements of a token. `now` is in milliseconds. */
export type TokenRules = {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: Jwks;
  readonly now: number;
  readonly waitUntil: WaitUntil;
};

type ValidClaims = { readonly client: string; readonly until: number };

/** The client of a token, its expiry in milliseconds, and the generation of the key set that verified it. */
export type VerifiedToken = ValidClaims & { readonly generation: number };

/** Verifies a JWT (RFC 7519; RFC 8725): first the signature, then the claims. */
export async function clientOfToken(token: string, rules: TokenRules): Promise<VerifiedToken> {
  const [head, payload, signature, ...rest] = token.split(".");
  if (head === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    throw unauthenticated("The token is not a signed JWT.");
  }
  const generation = await verifySignature(head, payload, signature, rules);
  return { ...claimsOf(json(payload), rules), generation };
}

/** Verifies the signature; returns the generation of the key set. */
async function verifySignature(head: string, payload: string, signature: string, rules: TokenRules): Promise<number> {
  const { alg, kid, typ, crit } = json(head);
  if (!isAlgorithm(alg) || typeof kid !== "string") {
    throw unauthenticated("The token names no RS256 or ES256 key (alg, kid).");
  }
  if (typ !== undefined && !TYPES.includes(typeof typ === "string" ? typ.toLowerCase() : typ)) {
    throw unauthenticated("The token is not an access token (typ).");
  }
  // An empty list is invalid (RFC 7515, 4.1.11), and no extension is supported.
  if (crit !== undefined) {
    throw unauthenticated("The token requires an unsupported extension (crit).");
  }
  const found = await rules.jwks.keyFor(kid, alg, rules.waitUntil);
  const signed = new TextEncoder().encode(`${head}.${payload}`);
  if (found === undefined || !(await crypto.subtle.verify(VERIFY[alg], found.key, base64Url(signature), signed))) {
    throw unauthenticated("The token is not signed by its issuer.");
  }
  return found.generation;
}

function claimsOf(claims: Record<string, unknown>, rules: TokenRules): ValidClaims {
  const seconds = rules.now / 1000;
  const { iss, aud, sub, exp, nbf } = claims;
  if (iss !== rules.issuer) {
    throw unauthenticated("The token has another issuer (iss).");
  }
  if (!(Array.isArray(aud) ? aud : [aud]).includes(rules.audience)) {
    throw unauthenticated("The token has another audience (aud).");
  }
  if (!isTime(exp) || exp + LEEWAY_SECONDS <= seconds) {
    throw unauthenticated("The token has expired, or has no expiry (exp).");
  }
  if (nbf !== undefined && !(isTime(nbf) && nbf - LEEWAY_SECONDS <= seconds)) {
    throw unauthenticated("The token is not valid yet (nbf).");
  }
  if (!isClientId(sub)) {
    throw unauthenticated("The token's sub is not 1 to 100 visible ASCII characters.");
  }
  return { client: sub, until: (exp + LEEWAY_SECONDS) * 1000 };
}

/** Whether a claim is a number of seconds up to the year 9999. */
function isTime(claim: unknown): claim is number {
  return typeof claim === "number" && Math.abs(claim) <= MAX_SECONDS;
}

function json(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(base64Url(part)),
    );
    if (typeof value === "object" && value !== null) {
      return value as Record<string, unknown>;
    }
  } catch {
    // The problem below has no cause, because the cause could quote the token.
  }
  throw unauthenticated("The token is not a signed JWT.");
}

function base64Url(text: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64Url(text);
  } catch {
    throw unauthenticated("The token is not a signed JWT.");
  }
}
