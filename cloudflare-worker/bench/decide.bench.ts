import { type TestContext, test } from "vitest";
import { stateAt } from "../src/cache/lifetime";
import { cacheUrl } from "../src/cache/store";
import { verdictOn } from "../src/purge/verdict";
import { readGet, readPost } from "../src/question/question";
import { routeOf } from "../src/route";

/*
 * The cost of routing a request, deriving its cache key and judging a cached entry; the budget is 0.2 ms.
 * Run by `npm run bench`; one iteration is a thousand decisions, since the clock is coarse.
 */
const LIFETIME = { fresh: 300, whileRevalidate: 300, ifError: 3600 };
const PURGES = { soft: [1], hard: [], live: { versions: ["7"], mode: "soft", since: 1, at: 1 } } as const;
const SMALL = new TextEncoder().encode('{"items":[{"hashtag":"wideleg","market":"vn"}]}');
const OWN = new TextEncoder().encode(
  JSON.stringify({
    items: [{ series: Array.from({ length: 104 }, (_, week) => 100 + week / 7), last_week: "2026-11-16" }],
  }),
);

async function decide(method: string, path: string, body?: Uint8Array): Promise<string> {
  const url = new URL(path, "https://edge.example");
  const route = routeOf(method, url.pathname);
  if (route.kind !== "question") {
    throw new Error("expected a question");
  }
  const question =
    body === undefined ? readGet(route.endpoint, url.search) : readPost(route.endpoint, url.search, body);
  if (question === undefined) {
    throw new Error("expected a question with a key");
  }
  await cacheUrl(question, url.host, null);
  return stateAt(42, LIFETIME) + verdictOn(2, "7", PURGES);
}

async function runThousandTimes(task: () => Promise<string>): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    await task();
  }
}

const CASES = {
  "GET /predict, one hashtag": () => decide("GET", "/predict?hashtags=%23WideLeg&market=vn"),
  "POST /v1/forecasts, one hashtag": () => decide("POST", "/v1/forecasts", SMALL),
  "POST /v1/forecasts, a series of 104 weeks": () => decide("POST", "/v1/forecasts", OWN),
};

for (const [name, task] of Object.entries(CASES)) {
  test(`${name}, a thousand times`, async ({ bench }: TestContext) => {
    await bench(name, () => runThousandTimes(task)).run();
  });
}
