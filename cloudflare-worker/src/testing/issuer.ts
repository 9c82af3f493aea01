import { inject } from "vitest";
import type { ReceivedRequest } from "./origin-script";

const PARAMETERS = {
  RS256: {
    key: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    sign: "RSASSA-PKCS1-v1_5",
  },
  ES256: { key: { name: "ECDSA", namedCurve: "P-256" }, sign: { name: "ECDSA", hash: "SHA-256" } },
} as const;

let issuers = 0;

type Claims = {
  readonly exp?: number | undefined;
  readonly nbf?: number | undefined;
  readonly [name: string]: unknown;
};

/** An issuer of tokens with real keys, whose key set is served by the tests' origin. */
export class Issuer {
  readonly #name = `issuer-${Date.now()}-${issuers++}`;
  readonly #algorithm: keyof typeof PARAMETERS;
  #kid = 0;
  #pair: CryptoKeyPair | undefined;

  private constructor(algorithm: keyof typeof PARAMETERS) {
    this.#algorithm = algorithm;
  }

  static async with(algorithm: keyof typeof PARAMETERS): Promise<Issuer> {
    const issuer = new Issuer(algorithm);
    await issuer.rotate();
    return issuer;
  }

  get url(): string {
    return `${inject("origin")}/__keys/${this.#name}`;
  }

  /** Signs with a new key from now on, and publishes that one alone. */
  async rotate(): Promise<void> {
    const { key } = PARAMETERS[this.#algorithm];
    this.#pair = (await crypto.subtle.generateKey(key, true, ["sign", "verify"])) as CryptoKeyPair;
    this.#kid++;
    const jwk = (await crypto.subtle.exportKey("jwk", this.#pair.publicKey)) as JsonWebKey;
    const published = { ...jwk, kid: `${this.#kid}`, use: "sig", alg: this.#algorithm };
    await this.publish(published);
  }

  /** Publishes that and nothing else. */
  async publish(...keys: unknown[]): Promise<void> {
    await this.#script({ body: JSON.stringify({ keys }) });
  }

  async goDown(): Promise<void> {
    await this.#script("reset");
  }

  async received(): Promise<ReceivedRequest[]> {
    return (await fetch(`${inject("origin")}/__script/${this.#name}`)).json();
  }

  /** A token; times are seconds from now, `undefined` leaves a claim out. */
  async token(claims: Claims, head: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const { exp, nbf, ...others } = { exp: 60, nbf: undefined, ...claims };
    const times = { exp: exp === undefined ? undefined : now + exp, nbf: nbf === undefined ? undefined : now + nbf };
    const payload = { iss: "https://issuer.example", aud: "hemline", sub: "shop", ...times, ...others };
    const signed = `${encoded({ alg: this.#algorithm, kid: `${this.#kid}`, ...head })}.${encoded(payload)}`;
    const { sign } = PARAMETERS[this.#algorithm];
    const key = this.#pair?.privateKey as CryptoKey;
    return `${signed}.${base64Url(await crypto.subtle.sign(sign, key, new TextEncoder().encode(signed)))}`;
  }

  async #script(step: unknown): Promise<void> {
    await fetch(`${inject("origin")}/__script/${this.#name}`, { method: "POST", body: JSON.stringify([step]) });
  }
}

function encoded(value: unknown): string {
  return base64Url(new TextEncoder().encode(JSON.stringify(value)).buffer);
}

function base64Url(bytes: ArrayBufferLike): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
