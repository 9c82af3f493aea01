import type { Endpoint } from "../route";
import { canonicalHashtag, isWord } from "./hashtag";
import { type Item, readItem } from "./item";
import { hasOnly, isObject, readJson } from "./json";

/**
 * A question in canonical form: `P` to `/predict`, `H` a list of hashtags to `/v1/forecasts`, `I` items. The form is
 * part of the key, because error pointers differ between the forms.
 */
export type Question = { readonly form: Form; readonly history: boolean; readonly items: readonly Item[] };

export type Form = "P" | "H" | "I";

const PARAMETERS: Record<Endpoint, readonly string[]> = {
  "/predict": ["hashtags", "market"],
  "/v1/forecasts": ["hashtags", "market", "include"],
};

/** The question of a `GET`; `undefined` when the server might read it differently or refuse it. */
export function readGet(endpoint: Endpoint, search: string): Question | undefined {
  const query = readQuery(search, PARAMETERS[endpoint]);
  const list = query?.get("hashtags");
  const history = historyOf(query?.get("include"));
  if (query === undefined || list === undefined || history === undefined) {
    return undefined;
  }
  return ofHashtags(endpoint === "/predict" ? "P" : "H", list.split(","), query.get("market"), history);
}

/** The question of a `POST`; `undefined` when the server might read it differently or refuse it. */
export function readPost(endpoint: Endpoint, search: string, body: Uint8Array): Question | undefined {
  const query = readQuery(search, endpoint === "/predict" ? [] : ["include"]);
  const document = readJson(body);
  if (query === undefined || !isObject(document)) {
    return undefined;
  }
  if (endpoint === "/predict") {
    const { hashtags, market } = document;
    return hasOnly(document, ["hashtags", "market"]) && Array.isArray(hashtags)
      ? ofHashtags("P", hashtags, market, false)
      : undefined;
  }
  const { items, include } = document;
  const byQuery = historyOf(query.get("include"));
  const byBody = historyOf(include);
  if (!hasOnly(document, ["items", "include"]) || byQuery === undefined || byBody === undefined) {
    return undefined;
  }
  return ofItems(items, byQuery || byBody);
}

function ofHashtags(form: Form, list: readonly unknown[], market: unknown, history: boolean): Question | undefined {
  if (market !== undefined && !isWord(market)) {
    return undefined;
  }
  const items = list.map((text): Item | undefined => {
    const hashtag = typeof text === "string" ? canonicalHashtag(text) : undefined;
    return hashtag === undefined ? undefined : { id: hashtag, hashtag, market };
  });
  return complete(items) ? { form, history, items } : undefined;
}

function ofItems(list: unknown, history: boolean): Question | undefined {
  const items = Array.isArray(list) ? list.map(readItem) : [];
  return complete(items) ? { form: "I", history, items } : undefined;
}

function complete(items: (Item | undefined)[]): items is Item[] {
  return items.length > 0 && !items.includes(undefined);
}

/** Whether `include` is `history` or a list of it; `undefined` for any other value. */
function historyOf(include: unknown): boolean | undefined {
  const words = include === undefined ? [] : Array.isArray(include) ? include : [include];
  return words.every((word) => word === "history") ? words.length > 0 : undefined;
}

/** The parameters of a query; `undefined` for a query with an unknown, repeated or empty one. */
function readQuery(search: string, known: readonly string[]): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>();
  if (search === "" || search === "?") {
    return values;
  }
  for (const pair of search.slice(1).split("&")) {
    const equals = pair.indexOf("=");
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : decoded(pair.slice(equals + 1));
    if (name === undefined || !value || !known.includes(name) || values.has(name)) {
      return undefined;
    }
    values.set(name, value);
  }
  return values;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
