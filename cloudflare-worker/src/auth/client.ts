import { unauthenticated } from "../problem";
import type { Settings } from "../settings";
import { clientOfKey } from "./api-key";
import { Jwks, type WaitUntil } from "./jwks";
import { networkOf } from "./network";
import { VerifiedTokens } from "./verified-tokens";

/** The authenticated or anonymous caller. */
export type Client = {
  /** The value of `Hemline-Client` at the origin. */
  readonly id: string;
  /** The key of the rate limiter. */
  readonly quotaKey: string;
};

const tokensByUrl = new Map<string, VerifiedTokens>();

/** A caller without credentials, rate-limited by network. */
export function anonymous(headers: Headers): Client {
  return { id: "anonymous", quotaKey: `ip:${networkOf(headers.get("CF-Connecting-IP") ?? "unknown")}` };
}

/** Authenticates a request; throws a problem 401. */
export async function clientOf(
  headers: Headers,
  settings: Settings,
  now: number,
  waitUntil: WaitUntil,
): Promise<Client> {
  if (settings.authModes.size === 0) {
    return anonymous(headers);
  }
  const key = headers.get("X-API-Key");
  if (key !== null && settings.authModes.has("api-key")) {
    const id = await clientOfKey(key, settings.apiKeys);
    if (id === undefined) {
      throw unauthenticated("The API key is unknown.");
    }
    return { id, quotaKey: `client:${id}` };
  }
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(headers.get("Authorization") ?? "")?.[1];
  if (token !== undefined && settings.jwt !== undefined) {
    const id = await tokensOf(settings.jwt.jwksUrl).clientOf(token, { ...settings.jwt, now }, waitUntil);
    return { id, quotaKey: `client:${id}` };
  }
  throw unauthenticated(`Send ${[...settings.authModes].map(credentialOf).join(" or ")}.`);
}

function credentialOf(mode: "api-key" | "jwt"): string {
  return mode === "api-key" ? "an API key in X-API-Key" : "a token in Authorization: Bearer";
}

function tokensOf(jwksUrl: string): VerifiedTokens {
  const tokens = tokensByUrl.get(jwksUrl) ?? new VerifiedTokens(Jwks.at(jwksUrl));
  tokensByUrl.set(jwksUrl, tokens);
  return tokens;
}
