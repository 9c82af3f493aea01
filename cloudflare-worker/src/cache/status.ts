/** The cache's handling of a request, as this hop's member of `Cache-Status` (RFC 9211). */
export type CacheStatus =
  | { readonly kind: "hit"; readonly ttl: number; readonly detail?: "stale-while-revalidate" | "stale-if-error" }
  | {
      readonly kind: "forwarded";
      readonly reason: "miss" | "stale" | "bypass";
      readonly status: number;
      readonly stored: boolean;
      readonly detail?: string;
    };

const HOP = "hemline-edge";

/** Appends this hop's member to those of the hops nearer to the origin. */
export function appendCacheStatus(before: string | null, status: CacheStatus): string {
  const own = [HOP, ...(status.kind === "hit" ? hit(status) : forwarded(status))].join("; ");
  return before ? `${before}, ${own}` : own;
}

function hit(status: Extract<CacheStatus, { kind: "hit" }>): string[] {
  return ["hit", `ttl=${status.ttl}`, ...detailed(status.detail)];
}

function forwarded(status: Extract<CacheStatus, { kind: "forwarded" }>): string[] {
  const stored = status.stored ? ["stored"] : [];
  return [`fwd=${status.reason}`, `fwd-status=${status.status}`, ...stored, ...detailed(status.detail)];
}

function detailed(detail: string | undefined): string[] {
  return detail === undefined ? [] : [`detail=${detail}`];
}
