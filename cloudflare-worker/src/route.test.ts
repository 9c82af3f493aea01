import { expect, test } from "vitest";
import { Problem } from "./problem";
import { routeOf } from "./route";

test.each([
  ["GET", "/predict", { kind: "question", endpoint: "/predict" }],
  ["HEAD", "/v1/forecasts", { kind: "question", endpoint: "/v1/forecasts" }],
  ["POST", "/v1/forecasts", { kind: "question", endpoint: "/v1/forecasts" }],
  ["OPTIONS", "/predict", { kind: "pass", public: true }],
  ["GET", "/v1/trends", { kind: "pass", public: false }],
  ["GET", "/v2", { kind: "pass", public: true }],
  ["GET", "/v2/health/ready", { kind: "pass", public: true }],
  ["POST", "/v2/models/trend/versions/7/infer", { kind: "pass", public: false }],
  ["GET", "/health/ready", { kind: "pass", public: true }],
  ["GET", "/openapi.json", { kind: "pass", public: true }],
  ["GET", "/docs", { kind: "pass", public: true }],
  ["GET", "/", { kind: "pass", public: true }],
  ["GET", "/assets/console.js", { kind: "pass", public: true }],
  ["POST", "/__purge", { kind: "purge" }],
])("%s %s has a route", (method, path, route) => {
  expect(routeOf(method, path)).toEqual(route);
});

test.each([
  "/metrics",
  "/models",
  "/models/trend/promote",
  "//models",
  "/predict/",
  "/predict/../metrics",
  "/predict%2f..%2fmetrics",
  "/v2/..%2f..%2fmetrics",
  "/v2/models/a b",
  "/predict;x=1",
  "/PREDICT",
  "/assets/..%2fmodels",
  "/__forecasts/abc",
])("%s has no route", (path) => {
  expect(() => routeOf("GET", path)).toThrow(Problem);
});

test("the problem of a wrong method names the allowed ones", () => {
  expect(() => routeOf("DELETE", "/predict")).toThrow("/predict allows GET, HEAD, POST, OPTIONS, not DELETE");
  expect(() => routeOf("GET", "/__purge")).toThrow("/__purge allows POST, not GET");
});

test("a long path is truncated as by the server", () => {
  expect(() => routeOf("GET", `/${"a".repeat(50)}`)).toThrow(`There is nothing at /${"a".repeat(39)}…; see /docs.`);
});
