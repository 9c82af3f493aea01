/** How long an answer may be used, in seconds: while fresh, stale while it is refreshed, stale when that fails. */
export type Lifetime = { readonly fresh: number; readonly whileRevalidate: number; readonly ifError: number };

/** What may be done with an answer of that age. */
export type State = "fresh" | "while-revalidate" | "if-error" | "expired";

const LASTING = [200, 404];
/** What answers may differ by: the runtime encodes for each client, and a page's origin is in the key. */
const HARMLESS_VARIATION = ["accept-encoding", "origin"];

/**
 * The lifetime that the origin grants, `CDN-Cache-Control` before `Cache-Control` (RFC 9213); `undefined` for what must
 * not be kept: errors, what is private, and what differs by more than we tell apart.
 */
export function lifetimeOf(status: number, headers: Headers): Lifetime | undefined {
  const directives = directivesOf(headers.get("CDN-Cache-Control") || headers.get("Cache-Control") || "");
  const forbidden = ["no-store", "private", "no-cache"].some((name) => directives.has(name));
  const variation = (headers.get("Vary") ?? "").toLowerCase().split(",");
  const varies = variation.some((name) => name.trim() !== "" && !HARMLESS_VARIATION.includes(name.trim()));
  if (!LASTING.includes(status) || forbidden || varies || headers.has("Set-Cookie")) {
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

/** The state of an answer that is that many seconds old. */
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

/** The seconds after which an answer can be of no use to anyone. */
export function longest(lifetime: Lifetime): number {
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
