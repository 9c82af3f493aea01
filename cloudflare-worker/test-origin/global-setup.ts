import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { TestProject } from "vitest/node";
import { startTestOrigin } from "./origin-server";

const WORKER_FOLDER = path.resolve(import.meta.dirname, "..");
const LAUNCHER = path.resolve(WORKER_FOLDER, "../hemline");
const START_MS = 60_000;

/** Starts the test origin and, if one is built, a server; vitest runs it once, in Node. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const origin = await startTestOrigin();
  const server = isBuilt() ? await startServer() : undefined;
  if (server === undefined) {
    console.warn("SKIPPED: tests with a real inference server; run `make build` in the root first");
  }
  project.provide("origin", origin.address);
  project.provide("server", server?.address ?? "");
  project.provide("serverRequired", process.env.SERVER_REQUIRED === "yes");
  project.provide("bundleBytes", bundleBytes());
  return async () => {
    origin.close();
    await server?.stop();
  };
}

function isBuilt(): boolean {
  return existsSync(path.resolve(WORKER_FOLDER, "../inference-server/target/built.stamp"));
}

async function startServer(): Promise<{ address: string; stop: () => Promise<void> }> {
  const settings = ["http.port=0", "admin.port=0", "grpc.port=0"]
    .filter(isKnown)
    .flatMap((setting) => ["--set", setting]);
  const child = spawn(LAUNCHER, ["serve", ...settings], { stdio: ["ignore", "pipe", "pipe"] });
  const address = await readyAddress(child);
  return {
    address,
    stop: () =>
      new Promise((stopped) => {
        child.once("exit", () => stopped());
        child.kill("SIGTERM");
      }),
  };
}

function isKnown(setting: string): boolean {
  return execFileSync(LAUNCHER, ["serve", "--help"], { encoding: "utf8" }).includes(setting.replace(/=.*/, ""));
}

/** The address that the server prints once it is ready. */
function readyAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const timeout = setTimeout(() => reject(new Error(`the server was not ready in time:\n${output}`)), START_MS);
    const append = (chunk: Buffer): void => {
      output += chunk;
      const address = /console\s+(http:\/\/\S+?)\/\s/.exec(output)?.[1];
      if (address !== undefined) {
        clearTimeout(timeout);
        resolve(address);
      }
    };
    child.stdout?.on("data", append);
    child.stderr?.on("data", append);
    child.once("exit", (code) => reject(new Error(`the server exited with ${code}:\n${output}`)));
  });
}

function bundleBytes(): number {
  const folder = mkdtempSync(path.join(tmpdir(), "hemline-edge-"));
  try {
    const wrangler = path.join(WORKER_FOLDER, "node_modules/wrangler/bin/wrangler.js");
    const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
    execFileSync(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", folder], {
      cwd: WORKER_FOLDER,
      env,
      stdio: "pipe",
    });
    const modules = readdirSync(folder).filter((name) => name.endsWith(".js"));
    return modules.map((name) => statSync(path.join(folder, name)).size).reduce((sum, size) => sum + size, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
