/** Freshness lifetimes in seconds (RFC 9111; RFC 5861): fresh, stale-while-revalidate, stale-if-error. */
export type Lifetime = { readonly fresh: number; readonly whileRevalidate: number; readonly ifError: number };

/** The permitted use of an entry at its current age. */
export type State = "fresh" | "while-revalidate" | "if-error" | "expired";

const CACHEABLE_STATUSES = [200, 404];
/** The runtime negotiates the content coding, and the cache key has `Origin`. */
const ALLOWED_VARY = ["accept-encoding", "origin"];

/**
 * The lifetime by `CDN-Cache-Control`, else by `Cache-Control` (RFC 9213); `undefined` for a response that must not be
 * stored: an error, a private one, or one that varies by more than the cache key has.
 */
export function lifetimeOf(status: number, headers: Headers): Lifetime | undefined {
  const directives = directivesOf(headers.get("CDN-Cache-Control") || headers.get("Cache-Control") || "");
  const forbidden = ["no-store", "private", "no-cache"].some((name) => directives.has(name));
  const variation = (headers.get("Vary") ?? "").toLowerCase().split(",");
  const varies = variation.some((name) => name.trim() !== "" && !ALLOWED_VARY.includes(name.trim()));
  if (!CACHEABLE_STATUSES.includes(status) || forbidden || varies || headers.has("Set-Cookie")) {
    return undefined;
  }
  const shared = seconds(directives, "s-maxage");
  const fresh = shared ?? seconds(directives, "max-age");
  if (fresh === undefined) {
    return undefined;
  }
  const neverStale = shared !== undefined || directives.has("must-revalidate") || directives.has("proxy-revalidate");
  return {
    fresh,
    whileRevalidate: neverStale ? 0 : (seconds(directives, "stale-while-revalidate") ?? 0),
    ifError: neverStale ? 0 : (seconds(directives, "stale-if-error") ?? 0),
  };
}

/** The state of an entry at an age in seconds. */
export function stateAt(age: number, lifetime: Lifetime): State {
  const over = age - lifetime.fresh;
  if (over < 0) {
    return "fresh";
  }
  if (over < lifetime.whileRevalidate) {
    return "while-revalidate";
  }
  return over < lifetime.ifError ? "if-error" : "expired";
}

/** The seconds after which no use is permitted. */
export function totalSeconds(lifetime: Lifetime): number {
  return lifetime.fresh + Math.max(lifetime.whileRevalidate, lifetime.ifError);
}

function directivesOf(field: string): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  for (const directive of field.split(",")) {
    const [name = "", value = ""] = directive.split("=");
    directives.set(name.trim().toLowerCase(), value.trim().replaceAll('"', ""));
  }
  return directives;
}

function seconds(directives: ReadonlyMap<string, string>, name: string): number | undefined {
  const value = directives.get(name);
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
