import { inject } from "vitest";
import { type ReceivedRequest, receivedRequests, setScript } from "./origin-script";

const PARAMETERS = {
  RS256: {
    key: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    sign: "RSASSA-PKCS1-v1_5",
  },
  ES256: { key: { name: "ECDSA", namedCurve: "P-256" }, sign: { name: "ECDSA", hash: "SHA-256" } },
} as const;

type Algorithm = keyof typeof PARAMETERS;

/** A private key and the JWK of its public key. */
export type SigningKey = { readonly algorithm: Algorithm; readonly privateKey: CryptoKey; readonly jwk: JsonWebKey };

/** Generates a key with this id. */
export async function newSigningKey(kid: string, algorithm: Algorithm = "ES256"): Promise<SigningKey> {
  const pair = (await crypto.subtle.generateKey(PARAMETERS[algorithm].key, true, ["sign", "verify"])) as CryptoKeyPair;
  const jwk = (await crypto.subtle.exportKey("jwk", pair.publicKey)) as JsonWebKey;
  const published = { ...jwk, kid, use: "sig", alg: algorithm } as JsonWebKey;
  return { algorithm, privateKey: pair.privateKey, jwk: published };
}

/** Signs a header and a payload, both as text, valid JSON or not. */
export async function signToken(key: SigningKey, header: string, payload: string): Promise<string> {
  const signed = `${base64Url(new TextEncoder().encode(header))}.${base64Url(new TextEncoder().encode(payload))}`;
  const { sign } = PARAMETERS[key.algorithm];
  const signature = await crypto.subtle.sign(sign, key.privateKey, new TextEncoder().encode(signed));
  return `${signed}.${base64Url(new Uint8Array(signature))}`;
}

let issuers = 0;

type Claims = {
  readonly exp?: number | undefined;
  readonly nbf?: number | undefined;
  readonly [name: string]: unknown;
};

/** A token issuer with real keys; the test origin serves its JWKS. */
export class Issuer {
  readonly #name = `issuer-${Date.now()}-${issuers++}`;
  readonly #algorithm: Algorithm;
  #kid = 0;
  #key: SigningKey | undefined;

  private constructor(algorithm: Algorithm) {
    this.#algorithm = algorithm;
  }

  static async with(algorithm: Algorithm): Promise<Issuer> {
    const issuer = new Issuer(algorithm);
    await issuer.rotate();
    return issuer;
  }

  get url(): string {
    return `${inject("origin")}/__keys/${this.#name}`;
  }

  /** Generates a new key, publishes it alone and signs with it from now on. */
  async rotate(): Promise<void> {
    this.#kid++;
    this.#key = await newSigningKey(`${this.#kid}`, this.#algorithm);
    await this.publish(this.#key.jwk);
  }

  /** Publishes these keys alone. */
  async publish(...keys: unknown[]): Promise<void> {
    await setScript(inject("origin"), this.#name, [{ body: JSON.stringify({ keys }) }]);
  }

  async goDown(): Promise<void> {
    await setScript(inject("origin"), this.#name, ["reset"]);
  }

  received(): Promise<ReceivedRequest[]> {
    return receivedRequests(inject("origin"), this.#name);
  }

  /** A token; times are seconds from now, and `undefined` omits a claim. */
  token(claims: Claims, header: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const { exp, nbf, ...others } = { exp: 60, nbf: undefined, ...claims };
    const times = { exp: exp === undefined ? undefined : now + exp, nbf: nbf === undefined ? undefined : now + nbf };
    const payload = { iss: "https://issuer.example", aud: "hemline", sub: "shop", ...times, ...others };
    const fullHeader = { alg: this.#algorithm, kid: `${this.#kid}`, ...header };
    return signToken(this.#key as SigningKey, JSON.stringify(fullHeader), JSON.stringify(payload));
  }
}

function base64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
