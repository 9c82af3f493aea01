/** How the cache dealt with a request, as the hop's member of `Cache-Status` (RFC 9211). */
export type Status =
  | { readonly kind: "hit"; readonly ttl: number; readonly detail?: "stale-while-revalidate" | "stale-if-error" }
  | {
      readonly kind: "forwarded";
      readonly because: "miss" | "stale" | "bypass";
      readonly status: number;
      readonly stored: boolean;
      readonly detail?: string;
    };

const HOP = "hemline-edge";

/** Appends our member behind those of the hops before us. */
export function appended(before: string | null, status: Status): string {
  const own = [HOP, ...(status.kind === "hit" ? hit(status) : forwarded(status))].join("; ");
  return before ? `${before}, ${own}` : own;
}

function hit(status: Extract<Status, { kind: "hit" }>): string[] {
  return ["hit", `ttl=${status.ttl}`, ...detailed(status.detail)];
}

function forwarded(status: Extract<Status, { kind: "forwarded" }>): string[] {
  const stored = status.stored ? ["stored"] : [];
  return [`fwd=${status.because}`, `fwd-status=${status.status}`, ...stored, ...detailed(status.detail)];
}

function detailed(detail: string | undefined): string[] {
  return detail === undefined ? [] : [`detail=${detail}`];
}
