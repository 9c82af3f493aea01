// Own series of clients.

export const LAST_WEEK = "2026-11-16";

/** A weekly series of level, season and noise. Its first value contains `stamp`, which makes it unique. */
export function series(random, weeks, stamp) {
  const level = 10 + random() * 1000;
  const swing = 0.1 + 0.4 * random();
  const phase = random() * 52;
  const values = [Number(`${stamp}.5`)];
  for (let week = 1; week < weeks; week++) {
    const season = 1 + swing * Math.sin((2 * Math.PI * (week + phase)) / 52);
    values.push(Math.round(level * season * (0.9 + 0.2 * random()) * 100) / 100);
  }
  return values;
}
