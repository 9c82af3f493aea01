import { fromHex, sha256 } from "../bytes";
import { misconfigured } from "../problem";

/** One key of a client, known only by its SHA-256. A client may have several, so that they can be changed one by one. */
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

/** Whose key that is. Every known key is compared in constant time and none is left out after a match. */
export async function clientOfKey(key: string, keys: readonly ApiKey[]): Promise<string | undefined> {
  const presented = await sha256(key);
  let client: string | undefined;
  for (const known of keys) {
    if (crypto.subtle.timingSafeEqual(presented, known.sha256)) {
      client = known.client;
    }
  }
  return client;
}

/** Whether a name can travel in `Hemline-Client`. */
export function isClientId(name: unknown): name is string {
  return typeof name === "string" && /^[!-~]{1,100}$/.test(name);
}
