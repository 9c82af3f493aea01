import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { startOrigin } from "./origin-server";

const ROOM = resolve(import.meta.dirname, "..");
const LAUNCHER = resolve(ROOM, "../hemline");
const START_MS = 60_000;

/** Starts what the tests talk to, outside of workerd; runs once, in Node. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const origin = await startOrigin();
  const server = isBuilt() ? await startServer() : undefined;
  if (server === undefined) {
    console.warn("SKIPPED: the tests with a real inference server; run `make build` in the root first");
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
  return existsSync(resolve(ROOM, "../inference-server/target/built.stamp"));
}

async function startServer(): Promise<{ address: string; stop: () => Promise<void> }> {
  const settings = ["http.port=0", "admin.port=0", "grpc.port=0"]
    .filter(isKnown)
    .flatMap((setting) => ["--set", setting]);
  const child = spawn(LAUNCHER, ["serve", ...settings], { stdio: ["ignore", "pipe", "pipe"] });
  const address = await greeting(child);
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

/** The address that the server greets with once it is ready. */
function greeting(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = "";
    const late = setTimeout(() => failed(new Error(`the server was not ready in time:\n${said}`)), START_MS);
    const hear = (chunk: Buffer): void => {
      said += chunk;
      const address = /console\s+(http:\/\/\S+?)\/\s/.exec(said)?.[1];
      if (address !== undefined) {
        clearTimeout(late);
        found(address);
      }
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => failed(new Error(`the server ended with ${code}:\n${said}`)));
  });
}

function bundleBytes(): number {
  const folder = mkdtempSync(join(tmpdir(), "hemline-edge-"));
  try {
    const wrangler = join(ROOM, "node_modules/wrangler/bin/wrangler.js");
    const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
    execFileSync(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", folder], {
      cwd: ROOM,
      env,
      stdio: "pipe",
    });
    const modules = readdirSync(folder).filter((name) => name.endsWith(".js"));
    return modules.map((name) => statSync(join(folder, name)).size).reduce((sum, size) => sum + size, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
