import { canonicalHashtag, isWord } from "./hashtag";
import { hasOnly, isObject, type Members } from "./json";

/** One item of a question in canonical form. The answer repeats its `id`. */
export type Item = TrendItem | SeriesItem;

export type TrendItem = { readonly id: string; readonly hashtag: string; readonly market: string | undefined };

/** An own series; unobserved values are `null`. `image` is base64. */
export type SeriesItem = {
  readonly id: string;
  readonly lastWeek: number;
  readonly series: Values;
  readonly side: readonly (Values | undefined)[];
  readonly words: readonly (string | undefined)[];
  readonly image: string | undefined;
};

export type Values = readonly (number | null)[];

const DAY_MS = 86_400_000;

const SIDE = ["influencer_share", "sentiment", "engagement"];
const MAX_MAGNITUDE = 1e30;

/** Reads the item at an index; `undefined` when the server might read it differently. */
export function readItem(value: unknown, index: number): Item | undefined {
  if (!isObject(value)) {
    return undefined;
  }
  const { id } = value;
  if (id !== undefined && !isWord(id)) {
    return undefined;
  }
  return "hashtag" in value ? readTrend(value, id) : readSeries(value, id ?? `${index}`);
}

function readTrend(value: Members, id: string | undefined): TrendItem | undefined {
  const { hashtag: text, market } = value;
  const hashtag = typeof text === "string" ? canonicalHashtag(text) : undefined;
  if (hashtag === undefined || !isWordOrAbsent(market) || !hasOnly(value, ["id", "hashtag", "market"])) {
    return undefined;
  }
  return { id: id ?? hashtag, hashtag, market };
}

function readSeries(value: Members, id: string): SeriesItem | undefined {
  const { series, last_week: week, image, attributes } = value;
  const lastWeek = daysOf(week);
  const side = SIDE.map((name) => value[name]);
  const words = readAttributes(attributes);
  if (
    !isValues(series) ||
    !side.every((list) => list === undefined || (isValues(list) && list.length === series.length)) ||
    lastWeek === undefined ||
    words === undefined ||
    !(image === undefined || typeof image === "string") ||
    !hasOnly(value, ["id", "series", "last_week", "image", "attributes", ...SIDE])
  ) {
    return undefined;
  }
  return { id, lastWeek, series, side: side as (Values | undefined)[], words, image };
}

/** Market, gender and category; `country` is an alias of `market`. */
function readAttributes(value: unknown): readonly (string | undefined)[] | undefined {
  if (value === undefined) {
    return [undefined, undefined, undefined];
  }
  if (!isObject(value) || !hasOnly(value, ["market", "country", "gender", "category"])) {
    return undefined;
  }
  const { market, country, gender, category } = value;
  const words = [market ?? country, gender, category];
  const clear = Object.values(value).every(isWord) && (market === undefined || country === undefined);
  return clear ? (words as (string | undefined)[]) : undefined;
}

function isValues(value: unknown): value is Values {
  return (
    Array.isArray(value) &&
    value.every(
      (element: unknown) => element === null || (typeof element === "number" && Math.abs(element) <= MAX_MAGNITUDE),
    )
  );
}

function isWordOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || isWord(value);
}

/** The days since 1970-01-01 of an ISO date; `undefined` for any other value. */
function daysOf(text: unknown): number | undefined {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\d$/.test(text)) {
    return undefined;
  }
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? undefined : time / DAY_MS;
}
