import { fromHex, sha256 } from "../bytes";
import { misconfigured } from "../problem";

/** The SHA-256 of one API key of a client. A client may have several keys, for rotation. */
export type ApiKey = { readonly client: string; readonly sha256: Uint8Array };

/** Reads `{"client": ["SHA-256 of a key, hex", …], …}`. */
export function readApiKeys(text: string | undefined): ApiKey[] {
  let clients: unknown;
  try {
    clients = JSON.parse(text ?? "");
  } catch {
    clients = undefined;
  }
  if (typeof clients !== "object" || clients === null || Array.isArray(clients)) {
    throw misconfigured('API_KEYS is not JSON of the form {"client": ["SHA-256 of a key, hex"]}.');
  }
  return Object.entries(clients).flatMap(([client, hashes]) => keysOf(client, hashes));
}

function keysOf(client: string, hashes: unknown): ApiKey[] {
  if (!isClientId(client) || !Array.isArray(hashes)) {
    throw misconfigured("API_KEYS has a client whose id is not 1 to 100 visible ASCII characters, or without a list.");
  }
  return hashes.map((hash: unknown) => {
    if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) {
      throw misconfigured(`API_KEYS has a key of ${client} that is not 64 lower-case hex digits.`);
    }
    return { client, sha256: fromHex(hash) };
  });
}

/** The client of a key, if any. Compares with every configured key in constant time, also after a match. */
export async function clientOfKey(key: string, keys: readonly ApiKey[]): Promise<string | undefined> {
  const presented = await sha256(key);
  let client: string | undefined;
  for (const candidate of keys) {
    if (crypto.subtle.timingSafeEqual(presented, candidate.sha256)) {
      client = candidate.client;
    }
  }
  return client;
}

/** Whether a value is a valid `Hemline-Client`. */
export function isClientId(name: unknown): name is string {
  return typeof name === "string" && /^[!-~]{1,100}$/.test(name);
}
