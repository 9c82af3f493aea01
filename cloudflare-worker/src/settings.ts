import { type ApiKey, readApiKeys } from "./auth/api-key";
import { misconfigured } from "./problem";

export type AuthMode = "api-key" | "jwt";

/** The bindings of `wrangler.jsonc`, read and checked. Immutable. */
export type Settings = {
  readonly origin: URL;
  readonly originTimeoutMs: number;
  readonly originKey: string | undefined;
  readonly maxBody: number;
  /** Empty only for `AUTH_MODE=none`. */
  readonly authModes: ReadonlySet<AuthMode>;
  readonly apiKeys: readonly ApiKey[];
  readonly jwt: { readonly issuer: string; readonly audience: string; readonly jwksUrl: string } | undefined;
  readonly purgeSecret: string | undefined;
  readonly limited: boolean;
  readonly quota: number;
  readonly windowSeconds: number;
};

const cached = new WeakMap<object, Settings>();

/** The settings of an environment, read once. An invalid one fails every request with a problem that names it. */
export function settingsOf(env: Env): Settings {
  let settings = cached.get(env);
  if (settings === undefined) {
    settings = readSettings(env);
    cached.set(env, settings);
  }
  return settings;
}

function readSettings(env: Env): Settings {
  const authModes = modes(env.AUTH_MODE);
  const [quota, windowSeconds] = (env.RATE_POLICY ?? "").split(";");
  return {
    origin: url("ORIGIN", env.ORIGIN),
    originTimeoutMs: count("ORIGIN_TIMEOUT_MS", env.ORIGIN_TIMEOUT_MS),
    originKey: env.ORIGIN_KEY || undefined,
    maxBody: count("MAX_BODY", env.MAX_BODY),
    authModes,
    apiKeys: authModes.has("api-key") ? readApiKeys(env.API_KEYS) : [],
    jwt: authModes.has("jwt") ? jwtOf(env) : undefined,
    purgeSecret: env.PURGE_SECRET || undefined,
    limited: oneOf("RATE_LIMIT", env.RATE_LIMIT, ["on", "off"]) === "on",
    quota: count("RATE_POLICY", quota),
    windowSeconds: count("RATE_POLICY", windowSeconds),
  };
}

function modes(text: string | undefined): ReadonlySet<AuthMode> {
  if (text === "none") {
    return new Set();
  }
  const words = (text ?? "").split(" ");
  return new Set(words.map((word) => oneOf("AUTH_MODE", word, ["api-key", "jwt"])));
}

function jwtOf(env: Env): Settings["jwt"] {
  if (!env.JWT_ISSUER || !env.JWT_AUDIENCE) {
    throw misconfigured("AUTH_MODE jwt needs JWT_ISSUER, JWT_AUDIENCE and JWKS_URL.");
  }
  return { issuer: env.JWT_ISSUER, audience: env.JWT_AUDIENCE, jwksUrl: url("JWKS_URL", env.JWKS_URL).href };
}

function oneOf<T extends string>(name: string, text: string | undefined, words: readonly T[]): T {
  const word = words.find((known) => known === text);
  if (word === undefined) {
    throw misconfigured(`${name} is not one of: ${words.join(", ")}${name === "AUTH_MODE" ? ", none" : ""}.`);
  }
  return word;
}

function url(name: string, text: string | undefined): URL {
  if (!text || !URL.canParse(text) || !/^https?:/.test(text)) {
    throw misconfigured(`${name} is not an http or https URL.`);
  }
  return new URL(text);
}

function count(name: string, text: string | undefined): number {
  if (!text || !/^[1-9]\d{0,9}$/.test(text)) {
    throw misconfigured(`${name} is not a positive integer.`);
  }
  return Number(text);
}
