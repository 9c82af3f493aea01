// Times as k6 takes them: 90s, 5m, 1h2m3.5s, 500ms, 1d12h.

const PART = /(\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|μs|ns)/g;
const SECONDS = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, "µs": 1e-6, "μs": 1e-6, ns: 1e-9 };

/** The seconds of a time. A bare number is refused: k6 takes it for milliseconds, people for seconds. */
export function secondsOf(text) {
  const [, days, rest] = /^(?:(\d+)d)?(.*)$/s.exec(text);
  const parts = [...rest.matchAll(PART)];
  if (text === "" || parts.map(([part]) => part).join("") !== rest) {
    throw new Error(`a time with its unit is expected, such as 90s, 5m or 1h2m3.5s, not "${text}"`);
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * SECONDS[unit], Number(days || 0) * 86400);
}
