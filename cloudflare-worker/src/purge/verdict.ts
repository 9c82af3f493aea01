/** The effect of purges on an entry: `keep`; `stale`, usable while refreshed or on error; `gone`, never usable. */
export type PurgeVerdict = "keep" | "stale" | "gone";

export type Mode = "soft" | "hard";

/** The purges that concern one entry. Times are milliseconds since 1970. */
export type Purges = {
  /** The last purge of each of its tags, by mode. */
  readonly soft: readonly number[];
  readonly hard: readonly number[];
  readonly live: Live | undefined;
};

/** The live versions that the last purge named. */
export type Live = {
  readonly versions: readonly string[];
  readonly mode: Mode;
  /** When the sender's replica made them live, and when the purge arrived. */
  readonly since: number;
  readonly at: number;
};

/** How long the caches nearer to the origin may hold purged entries. */
const SETTLING_MS = 60_000;

/** The verdict on an entry by the time of its request to the origin and its model version. */
export function verdictOn(requestedAt: number, version: string | undefined, purges: Purges): PurgeVerdict {
  const otherVersion = !isLive(version, purges);
  if (purges.hard.some((at) => at >= requestedAt) || (otherVersion && purges.live?.mode === "hard")) {
    return "gone";
  }
  return otherVersion || purges.soft.some((at) => at >= requestedAt) ? "stale" : "keep";
}

/** Whether a version is live. A response without one, such as of an unknown trend, counts as live. */
export function isLive(version: string | undefined, purges: Purges): boolean {
  return version === undefined || purges.live === undefined || purges.live.versions.includes(version);
}

/** Whether requests must bypass the caches nearer to the origin. */
export function isSettling(purges: Purges, now: number): boolean {
  return purges.live !== undefined && now - purges.live.at < SETTLING_MS;
}
