// The servers' utilisation of CPU and memory during the load, once a second, from their own metrics.

import { check, fail } from "k6";
import exec from "k6/execution";
import http from "k6/http";
import { Gauge, Trend } from "k6/metrics";
import { admins } from "./target.js";

const cpuShare = new Trend("server_cpu_share");
const memoryShare = new Trend("server_memory_share");
const memoryGrowth = new Gauge("server_memory_growth");
const timeGrowth = new Gauge("server_time_growth");

/** A scenario and thresholds to add to those of a script; empty without an admin listener. */
export function serverMetricsScenario(seconds) {
  if (admins.length === 0) return { scenarios: {}, thresholds: {} };
  const duration = `${Math.max(2, seconds)}s`;
  return {
    scenarios: {
      watching: {
        executor: "constant-arrival-rate",
        exec: "watching",
        rate: 1,
        timeUnit: "1s",
        duration,
        preAllocatedVUs: 1,
        maxVUs: 1,
        gracefulStop: "0s",
      },
    },
    // "> 0", because a threshold on a metric without samples passes.
    thresholds: {
      server_cpu_share: ["avg<0.7", "avg>0"],
      server_memory_share: ["max<0.7", "min>0"],
      "checks{scenario:watching}": ["rate==1"],
    },
  };
}

/** The state of the one virtual user of this scenario. */
const seen = { since: 0, last: undefined, early: undefined };

/** Scrapes once. `soakSeconds`: also compares the last third of a run of this length with its first. */
export function recordServerMetrics(soakSeconds) {
  const now = admins.map(scraped);
  const second = Date.now() / 1000;
  seen.since = seen.since || second;
  if (seen.last !== undefined) {
    now.forEach((server, index) => {
      cpuShare.add((server.cpu - seen.last[index].cpu) / (second - seen.second) / server.cpus);
    });
  }
  for (const { memory, limit } of now) memoryShare.add(memory / limit);
  if (soakSeconds) compare(now, (second - seen.since) / soakSeconds);
  Object.assign(seen, { last: now, second });
}

function compare(now, part) {
  const sum = (name) => now.reduce((total, one) => total + one[name], 0);
  const all = { memory: sum("memory"), time: sum("time"), count: sum("count") };
  if (part < 1 / 3) {
    seen.start = seen.start || all;
    seen.early = all;
    return;
  }
  if (part < 2 / 3) {
    seen.late = all;
    return;
  }
  const mean = (from, to) => (to.time - from.time) / Math.max(1, to.count - from.count);
  memoryGrowth.add(all.memory / seen.early.memory);
  timeGrowth.add(mean(seen.late, all) / mean(seen.start, seen.early));
}

function scraped(admin) {
  const response = http.get(`${admin}/metrics`, { tags: { name: "metrics" } });
  if (!check(response, { "the admin listener responds": (r) => r.status === 200 }))
    fail(`${admin}/metrics: ${response.status} ${response.error}`);
  const text = response.body;
  const total = (name) =>
    [...text.matchAll(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, "gm"))].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    );
  if (total("process_cpus") === 0) exec.test.abort(`${admin}/metrics has no process_cpus; is it an admin listener?`);
  return {
    cpu: total("process_cpu_seconds_total"),
    cpus: total("process_cpus"),
    memory: total("process_resident_memory_bytes"),
    limit: total("process_memory_limit_bytes"),
    time: total("http_request_duration_seconds_sum"),
    count: total("http_request_duration_seconds_count"),
  };
}
