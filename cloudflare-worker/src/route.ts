import { Problem } from "./problem";

/** What a request is about: a question that may be cached, a purge, or something that only passes through. */
export type Route =
  | { readonly kind: "question"; readonly endpoint: Endpoint }
  | { readonly kind: "pass"; readonly open: boolean }
  | { readonly kind: "purge" };

export type Endpoint = "/predict" | "/v1/forecasts";

const QUESTION = "GET, HEAD, POST, OPTIONS";
const READ = "GET, HEAD, OPTIONS";

type Row = { readonly path: RegExp; readonly methods: string; readonly route: Route };

/** Everything that comes through. What is not here is never forwarded, so neither are admin paths nor tricks. */
const TABLE: readonly Row[] = [
  { path: /^\/predict$/, methods: QUESTION, route: { kind: "question", endpoint: "/predict" } },
  { path: /^\/v1\/forecasts$/, methods: QUESTION, route: { kind: "question", endpoint: "/v1/forecasts" } },
  { path: /^\/v1\/trends$/, methods: READ, route: { kind: "pass", open: false } },
  { path: /^\/v2(\/health\/(live|ready))?$/, methods: READ, route: { kind: "pass", open: true } },
  { path: /^\/v2(\/[\w.-]{1,100}){1,6}$/, methods: QUESTION, route: { kind: "pass", open: false } },
  { path: /^\/health\/(live|ready)$/, methods: READ, route: { kind: "pass", open: true } },
  { path: /^\/openapi\.(json|yaml)$/, methods: READ, route: { kind: "pass", open: true } },
  { path: /^\/(docs)?$/, methods: READ, route: { kind: "pass", open: true } },
  { path: /^\/assets\/[\w.-]{1,100}$/, methods: READ, route: { kind: "pass", open: true } },
  { path: /^\/__purge$/, methods: "POST", route: { kind: "purge" } },
];

/** The route of a method and a path, or a problem. A preflight carries no key, so it passes without one. */
export function routeOf(method: string, path: string): Route {
  const row = TABLE.find((candidate) => candidate.path.test(path));
  if (row === undefined) {
    throw new Problem(404, "No such resource", `There is nothing at ${shown(path)}; see /docs.`);
  }
  if (!row.methods.split(", ").includes(method)) {
    throw new Problem(405, "Method not allowed", `${path} allows ${row.methods}, not ${shown(method)}`, {
      Allow: row.methods,
    });
  }
  return method === "OPTIONS" ? { kind: "pass", open: true } : row.route;
}

/** Callers' own words in a message: the first 40 characters, as the server cuts them. */
function shown(words: string): string {
  return words.length > 40 ? `${words.slice(0, 40)}…` : words;
}
