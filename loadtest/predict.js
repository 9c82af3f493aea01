// 500 GET /predict a second over the demo's trends succeed, 95 % of them within 20 ms.

import { check } from "k6";
import http from "k6/http";
import { rate, seconds, target } from "./lib/target.js";

const duration = seconds("DURATION", "30s");

export const options = {
  scenarios: {
    // Open loop: requests start on schedule, independent of earlier responses (no coordinated omission).
    predict: {
      executor: "constant-arrival-rate",
      rate,
      timeUnit: "1s",
      duration: `${duration}s`,
      preAllocatedVUs: 200,
      maxVUs: 400,
    },
  },
  thresholds: {
    http_req_failed: ["rate==0"],
    checks: ["rate==1"],
    dropped_iterations: ["count==0"],
    "iterations{scenario:predict}": [`count>=${Math.floor(0.99 * rate * duration)}`],
    "http_req_duration{scenario:predict}": ["p(95)<20"],
  },
  summaryTrendStats: ["min", "med", "p(90)", "p(95)", "p(99)", "max"],
};

export function setup() {
  const trends = [];
  let cursor = "";
  do {
    const page = http.get(`${target}/v1/trends?limit=500${cursor}`).json();
    trends.push(...page.trends.map(({ hashtag, market }) => ({ hashtag, market })));
    cursor = page.next ? `&cursor=${encodeURIComponent(page.next)}` : "";
  } while (cursor);
  return trends;
}

export default function (trends) {
  const { hashtag, market } = trends[Math.floor(Math.random() * trends.length)];
  const url = `${target}/predict?hashtags=${encodeURIComponent(hashtag)}&market=${market}`;
  const response = http.get(url, { tags: { name: "/predict" } });
  check(response, {
    200: (r) => r.status === 200,
    "has the version": (r) => r.headers["X-Model-Version"] !== undefined,
    "has a class": (r) => /"trend_class":"(rampingRate|stable|falling)"/.test(r.body),
  });
}
