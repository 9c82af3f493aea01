import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { inject, vi } from "vitest";
import { hexOf } from "../bytes";
import worker from "../index";
import { type ReceivedRequest, receivedRequests, type Script, setScript } from "./origin-script";

const HOST = "https://edge.example";
let edges = 0;

/** A buffered response. */
export type Reply = { readonly status: number; readonly headers: Headers; readonly text: string };

/** A Worker with its own question and its own script at the test origin. */
export class Edge {
  readonly name = `edge-${Date.now()}-${edges++}`;
  /** A question that no other test sends. */
  readonly path = `/predict?hashtags=${this.name}&market=vn`;
  readonly env: Env;

  constructor(bindings: Partial<Env> = {}) {
    const limiter: RateLimit = { limit: async () => ({ success: true }) };
    this.env = { ...env, LIMITER: limiter, PURGES: sameNamespace(env.PURGES), ...bindings };
  }

  /** Sets the origin's responses; returns this. */
  async with(...script: Script): Promise<this> {
    await setScript(inject("origin"), this.name, script);
    return this;
  }

  /** The requests that the origin received since then. */
  received(): Promise<ReceivedRequest[]> {
    return receivedRequests(inject("origin"), this.name);
  }

  /** Sends a request to the Worker; waits for the response and all background work. */
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

  /** Sends a purge signed at the current time. */
  async purge(body: { tags: string[]; mode: string; versions: string[]; since?: number }): Promise<Reply> {
    const text = JSON.stringify(body);
    return this.post("/__purge", text, { "X-Hemline-Signature": await signature(text, Math.floor(Date.now() / 1000)) });
  }
}

/** The same namespace as a new object, for which the Worker has an empty local cache. */
function sameNamespace(kv: KVNamespace): KVNamespace {
  return { get: kv.get.bind(kv), put: kv.put.bind(kv) } as KVNamespace;
}

/** Freezes the clock of the Worker and of the test. */
export function freezeClock(): void {
  vi.useFakeTimers({ toFake: ["Date"] });
}

/** Advances the frozen clock. */
export function advanceClock(seconds: number): void {
  vi.setSystemTime(Date.now() + 1000 * seconds);
}

/** The value of `X-Hemline-Signature` for a body. */
export async function signature(body: string, time: number, secret = env.PURGE_SECRET): Promise<string> {
  const bytes = new TextEncoder();
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes.encode(secret), hmac, false, ["sign"]);
  const sum = await crypto.subtle.sign("HMAC", key, bytes.encode(`${time}.${body}`));
  return `t=${time},v1=${hexOf(sum)}`;
}
