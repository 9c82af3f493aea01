import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { inject, vi } from "vitest";
import worker from "../index";
import type { ReceivedRequest, Script } from "./origin-script";

const HOST = "https://edge.example";
let edges = 0;

/** What an answer was, read whole. */
export type Reply = { readonly status: number; readonly headers: Headers; readonly text: string };

/** A Worker with its own question, its own script at the origin, and a clock that stands still. */
export class Edge {
  readonly name = `edge-${Date.now()}-${edges++}`;
  /** A question that no other test asks. */
  readonly path = `/predict?hashtags=${this.name}&market=vn`;
  readonly env: Env;

  constructor(bindings: Partial<Env> = {}) {
    const limiter: RateLimit = { limit: async () => ({ success: true }) };
    this.env = { ...env, LIMITER: limiter, PURGES: afresh(env.PURGES), ...bindings };
  }

  /** Tells the origin what to answer; returns this. */
  async with(...script: Script): Promise<this> {
    await fetch(this.#script(), { method: "POST", body: JSON.stringify(script) });
    return this;
  }

  /** What the origin was asked since then. */
  async received(): Promise<ReceivedRequest[]> {
    return (await fetch(this.#script())).json();
  }

  /** Asks the Worker and waits until it has also done what it does after the answer. */
  async fetch(path: string = this.path, init: RequestInit = {}): Promise<Reply> {
    const context = createExecutionContext();
    const headers = new Headers(init.headers);
    if (!headers.has("X-Request-Id")) {
      headers.set("X-Request-Id", this.name);
    }
    const request = new Request(new URL(path, HOST), { ...init, headers });
    const response = await worker.fetch(request as Parameters<typeof worker.fetch>[0], this.env, context);
    const reply = { status: response.status, headers: response.headers, text: await response.text() };
    await waitOnExecutionContext(context);
    return reply;
  }

  /** Posts JSON. */
  post(path: string, body: unknown, headers: HeadersInit = {}): Promise<Reply> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.fetch(path, {
      method: "POST",
      body: text,
      headers: { "Content-Type": "application/json", ...Object.fromEntries(new Headers(headers)) },
    });
  }

  /** Sends a purge that is signed now. */
  async purge(body: { tags: string[]; mode: string; versions: string[]; since?: number }): Promise<Reply> {
    const text = JSON.stringify(body);
    return this.post("/__purge", text, { "X-Hemline-Signature": await signature(text, Math.floor(Date.now() / 1000)) });
  }

  #script(): string {
    return `${inject("origin")}/__script/${this.name}`;
  }
}

/** The same namespace for a Worker that remembers nothing of it. */
function afresh(kv: KVNamespace): KVNamespace {
  return { get: kv.get.bind(kv), put: kv.put.bind(kv) } as KVNamespace;
}

/** Stops the clock of the Worker and of the test at this moment. */
export function freezeClock(): void {
  vi.useFakeTimers({ toFake: ["Date"] });
}

/** Lets that many seconds pass at once. */
export function advanceClock(seconds: number): void {
  vi.setSystemTime(Date.now() + 1000 * seconds);
}

/** The header that signs a body. */
export async function signature(body: string, time: number, secret = env.PURGE_SECRET): Promise<string> {
  const bytes = new TextEncoder();
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes.encode(secret), hmac, false, ["sign"]);
  const sum = await crypto.subtle.sign("HMAC", key, bytes.encode(`${time}.${body}`));
  return `t=${time},v1=${[...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
