// What is asked, and how the server under test is found.

export const base = __ENV.BASE_URL || "http://127.0.0.1:8080";
export const admin = __ENV.ADMIN_URL || "http://127.0.0.1:8081";
export const json = { headers: { "Content-Type": "application/json" } };

/** A weekly series that no one has asked before: level, season and noise, so that no cache can answer. */
export function freshSeries(weeks) {
  const level = 10 + Math.random() * 1000;
  const swing = 0.1 + 0.4 * Math.random();
  const phase = Math.random() * 52;
  const series = [];
  for (let week = 0; week < weeks; week++) {
    const season = 1 + swing * Math.sin((2 * Math.PI * (week + phase)) / 52);
    series.push(Math.round(level * season * (0.9 + 0.2 * Math.random()) * 100) / 100);
  }
  return series;
}

/** The body of one uncached question. */
export function freshQuestion() {
  return JSON.stringify({ items: [{ series: freshSeries(104), last_week: "2026-11-16" }] });
}
