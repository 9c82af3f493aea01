/** What purges say of an answer: use it, use it only while it is refreshed or when that fails, or never. */
export type PurgeVerdict = "keep" | "stale" | "gone";

export type Mode = "soft" | "hard";

/** The purges that matter to one answer. Times are milliseconds since 1970. */
export type Purges = {
  /** The last purge of each of its tags in each mode. */
  readonly soft: readonly number[];
  readonly hard: readonly number[];
  readonly live: Live | undefined;
};

/** The versions that the last purge called live. */
export type Live = {
  readonly versions: readonly string[];
  readonly mode: Mode;
  /** Since when they are live where the purge comes from, and when it came in. */
  readonly since: number;
  readonly at: number;
};

/** How long after a purge the caches below may still hold what was purged. */
const SETTLING_MS = 60_000;

/** The ruling on an answer that the origin was asked for then. */
export function verdictOn(askedAt: number, version: string | undefined, purges: Purges): PurgeVerdict {
  const otherVersion = !isLive(version, purges);
  if (purges.hard.some((at) => at >= askedAt) || (otherVersion && purges.live?.mode === "hard")) {
    return "gone";
  }
  return otherVersion || purges.soft.some((at) => at >= askedAt) ? "stale" : "keep";
}

/** Whether an answer of that version may be kept. One without a version, such as of an unknown trend, may. */
export function isLive(version: string | undefined, purges: Purges): boolean {
  return version === undefined || purges.live === undefined || purges.live.versions.includes(version);
}

/** Whether the caches below are to be passed by. */
export function isSettling(purges: Purges, now: number): boolean {
  return purges.live !== undefined && now - purges.live.at < SETTLING_MS;
}
