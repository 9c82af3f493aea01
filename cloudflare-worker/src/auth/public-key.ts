const MIN_RSA_BITS = 2048;
const ALGORITHMS = {
  RS256: { kty: "RSA", import: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } },
  ES256: { kty: "EC", import: { name: "ECDSA", namedCurve: "P-256" } },
} as const;

export type Algorithm = keyof typeof ALGORITHMS;

/** A key as an issuer publishes it (RFC 7517). */
export type PublicKey = JsonWebKey & { readonly kid?: string };

/** Whether the Worker verifies an algorithm; `none` and shared secrets are excluded. */
export function isAlgorithm(name: unknown): name is Algorithm {
  return name === "RS256" || name === "ES256";
}

/** Whether a published key has this id and may verify this algorithm. */
export function isUsableFor(key: PublicKey, kid: string, algorithm: Algorithm): boolean {
  return (
    key.kid === kid &&
    key.kty === ALGORITHMS[algorithm].kty &&
    (key.alg ?? algorithm) === algorithm &&
    (key.use ?? "sig") === "sig"
  );
}

/** Imports a published key; `undefined` when it is invalid or too short. */
export async function importKey(jwk: PublicKey, algorithm: Algorithm): Promise<CryptoKey | undefined> {
  try {
    const key = await crypto.subtle.importKey("jwk", jwk, ALGORITHMS[algorithm].import, false, ["verify"]);
    const { modulusLength = MIN_RSA_BITS } = key.algorithm as { modulusLength?: number };
    return modulusLength >= MIN_RSA_BITS ? key : undefined;
  } catch (error) {
    console.error("a key of the issuer cannot be used", error);
    return undefined;
  }
}
