import type { Endpoint } from "../route";
import { canonicalHashtag, isWord } from "./hashtag";
import { hasOnly, type Item, isObject, readItem } from "./item";
import { readJson } from "./json";
import { readQuery } from "./query";

/**
 * A whole question in canonical form. The form is part of it because faults are told at other places for each:
 * `P` predict, `H` a list of hashtags to `/v1/forecasts`, `I` items.
 */
export type Question = { readonly form: Form; readonly history: boolean; readonly items: readonly Item[] };

export type Form = "P" | "H" | "I";

const PARAMETERS: Record<Endpoint, readonly string[]> = {
  "/predict": ["hashtags", "market"],
  "/v1/forecasts": ["hashtags", "market", "include"],
};

/** What a `GET` asks; `undefined` when that is the server's to say. */
export function readGet(endpoint: Endpoint, search: string): Question | undefined {
  const query = readQuery(search, PARAMETERS[endpoint]);
  const list = query?.get("hashtags");
  const history = historyOf(query?.get("include"));
  if (query === undefined || list === undefined || history === undefined) {
    return undefined;
  }
  return ofHashtags(endpoint === "/predict" ? "P" : "H", list.split(","), query.get("market"), history);
}

/** What a `POST` asks; `undefined` when that is the server's to say. */
export function readPost(endpoint: Endpoint, search: string, body: Uint8Array): Question | undefined {
  const query = readQuery(search, endpoint === "/predict" ? [] : ["include"]);
  const asked = readJson(body);
  if (query === undefined || !isObject(asked)) {
    return undefined;
  }
  if (endpoint === "/predict") {
    const { hashtags, market } = asked;
    return hasOnly(asked, ["hashtags", "market"]) && Array.isArray(hashtags)
      ? ofHashtags("P", hashtags, market, false)
      : undefined;
  }
  const { items, include } = asked;
  const byQuery = historyOf(query.get("include"));
  const byBody = historyOf(include);
  if (!hasOnly(asked, ["items", "include"]) || byQuery === undefined || byBody === undefined) {
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

/** Whether `include` asks for the observed weeks: the word or a list of it. */
function historyOf(include: unknown): boolean | undefined {
  const words = include === undefined ? [] : Array.isArray(include) ? include : [include];
  return words.every((word) => word === "history") ? words.length > 0 : undefined;
}
