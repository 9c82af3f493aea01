// Durations in k6's syntax: 90s, 5m, 1h2m3.5s, 500ms, 1d12h.

const PART = /(\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|μs|ns)/g;
const SECONDS = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, μs: 1e-6, ns: 1e-9 };

/** The seconds of a duration. Refuses a bare number, which k6 takes for milliseconds and most readers for seconds. */
export function secondsOf(text) {
  const [, days, rest] = /^(?:(\d+)d)?(.*)$/s.exec(text);
  const parts = [...rest.matchAll(PART)];
  if (text === "" || parts.map(([part]) => part).join("") !== rest) {
    throw new Error(`expected a duration with a unit, such as 90s, 5m or 1h2m3.5s, not "${text}"`);
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * SECONDS[unit], Number(days || 0) * 86400);
}
