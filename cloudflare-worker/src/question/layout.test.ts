import { describe, expect, test } from "vitest";
import vectors from "../../../model-store/fixtures/keys.json";
import { fromHex, hexOf } from "../bytes";
import { type Item, readItem } from "./item";
import { itemBytes } from "./layout";

describe("an item has the byte layout of the server's key", () => {
  test.each(vectors)("$why", async ({ artifact, item, key }) => {
    const read = readItem(item, 0) as Item;

    const bytes = itemBytes(read, await imageDigest(read));

    expect(hexOf(await crypto.subtle.digest("SHA-256", await joined(fromHex(artifact), bytes)))).toBe(key);
  });
});

async function imageDigest(item: Item): Promise<Uint8Array<ArrayBuffer>> {
  if (!("image" in item) || item.image === undefined) {
    return new Uint8Array();
  }
  const bytes = Uint8Array.from(atob(item.image), (char) => char.charCodeAt(0));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function joined(...parts: Uint8Array<ArrayBuffer>[]): Promise<ArrayBuffer> {
  return new Blob(parts).arrayBuffer();
}
