// Series that clients bring along.

export const LAST_WEEK = "2026-11-16";

/** A weekly series: level, season and noise. Its first value holds `stamp`, so that another stamp is another question. */
export function series(chance, weeks, stamp) {
  const level = 10 + chance() * 1000;
  const swing = 0.1 + 0.4 * chance();
  const phase = chance() * 52;
  const values = [Number(`${stamp}.5`)];
  for (let week = 1; week < weeks; week++) {
    const season = 1 + swing * Math.sin((2 * Math.PI * (week + phase)) / 52);
    values.push(Math.round(level * season * (0.9 + 0.2 * chance()) * 100) / 100);
  }
  return values;
}
