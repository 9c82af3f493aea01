import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ReceivedRequest, Script } from "../src/testing/origin-script";

/**
 * An HTTP origin with scripted responses. A test posts a script to `/__script/<name>`; requests with `X-Request-Id:
 * <name>`, and those to `/__keys/<name>`, get its steps in order. `GET /__script/<name>` lists the received requests.
 */
export function startTestOrigin(): Promise<{ address: string; close: () => void }> {
  const scripts = new Map<string, Script>();
  const received = new Map<string, ReceivedRequest[]>();
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    if (body === undefined) {
      response.destroy();
      return;
    }
    const [, scripted] = /^\/__script\/(.+)$/.exec(request.url ?? "") ?? [];
    if (scripted !== undefined) {
      if (request.method === "POST") {
        scripts.set(scripted, JSON.parse(body));
        received.set(scripted, []);
      }
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(received.get(scripted) ?? []));
      return;
    }
    const [, keys] = /^\/__keys\/(.+)$/.exec(request.url ?? "") ?? [];
    const name = keys ?? String(request.headers["x-request-id"]);
    const before = received.get(name) ?? [];
    received.set(name, [
      ...before,
      { method: request.method ?? "", url: request.url ?? "", headers: flat(request), body },
    ]);
    const script = scripts.get(name) ?? [];
    answer(response, script[Math.min(before.length, script.length - 1)]);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ address: `http://127.0.0.1:${port}`, close: () => void server.close() });
      server.unref();
    });
  });
}

function answer(response: ServerResponse, step: Script[number] | undefined): void {
  if (step === "reset") {
    response.destroy();
    return;
  }
  if (step === "hang") {
    return;
  }
  response.writeHead(step?.status ?? 200, step?.headers ?? {});
  response.end(step?.body ?? "");
}

async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) {
      chunks.push(chunk);
    }
  } catch {
    // The Worker aborted the request.
    return undefined;
  }
  return Buffer.concat(chunks).toString();
}

function flat(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
}
