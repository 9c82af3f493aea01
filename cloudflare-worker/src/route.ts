import { Problem } from "./problem";

/** The handling of a request: a cacheable question, a purge, or a pass-through; a public one needs no client. */
export type Route =
  | { readonly kind: "question"; readonly endpoint: Endpoint }
  | { readonly kind: "pass"; readonly public: boolean }
  | { readonly kind: "purge" };

export type Endpoint = "/predict" | "/v1/forecasts";

const QUESTION = "GET, HEAD, POST, OPTIONS";
const READ = "GET, HEAD, OPTIONS";

type Row = { readonly path: RegExp; readonly methods: string; readonly route: Route };

/** The allowed paths; the Worker forwards no other path, so no admin path and no path-traversal attempt. */
const TABLE: readonly Row[] = [
  { path: /^\/predict$/, methods: QUESTION, route: { kind: "question", endpoint: "/predict" } },
  { path: /^\/v1\/forecasts$/, methods: QUESTION, route: { kind: "question", endpoint: "/v1/forecasts" } },
  { path: /^\/v1\/trends$/, methods: READ, route: { kind: "pass", public: false } },
  { path: /^\/v2(\/health\/(live|ready))?$/, methods: READ, route: { kind: "pass", public: true } },
  { path: /^\/v2(\/[\w.-]{1,100}){1,6}$/, methods: QUESTION, route: { kind: "pass", public: false } },
  { path: /^\/health\/(live|ready)$/, methods: READ, route: { kind: "pass", public: true } },
  { path: /^\/openapi\.(json|yaml)$/, methods: READ, route: { kind: "pass", public: true } },
  { path: /^\/(docs)?$/, methods: READ, route: { kind: "pass", public: true } },
  { path: /^\/assets\/[\w.-]{1,100}$/, methods: READ, route: { kind: "pass", public: true } },
  { path: /^\/__purge$/, methods: "POST", route: { kind: "purge" } },
];

/** The route of a method and a path, or a problem 404 or 405. A CORS preflight has no credentials, so it is public. */
export function routeOf(method: string, path: string): Route {
  const row = TABLE.find((candidate) => candidate.path.test(path));
  if (row === undefined) {
    throw new Problem(404, "No such resource", `There is nothing at ${truncated(path)}; see /docs.`);
  }
  if (!row.methods.split(", ").includes(method)) {
    throw new Problem(405, "Method not allowed", `${path} allows ${row.methods}, not ${truncated(method)}`, {
      Allow: row.methods,
    });
  }
  return method === "OPTIONS" ? { kind: "pass", public: true } : row.route;
}

/** A caller's text in a message: its first 40 characters, as the server truncates it. */
function truncated(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
