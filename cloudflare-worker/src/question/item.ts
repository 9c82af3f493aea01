import { canonicalHashtag, isWord } from "./hashtag";
import { daysOf } from "./week";

/** One item of a question in canonical form. `id` is what the answer will call it. */
export type Item = TrendItem | SeriesItem;

export type TrendItem = { readonly id: string; readonly hashtag: string; readonly market: string | undefined };

/** Values are `null` where not observed; lists that are absent are absent. `image` is its base64 text. */
export type SeriesItem = {
  readonly id: string;
  readonly lastWeek: number;
  readonly series: Values;
  readonly side: readonly (Values | undefined)[];
  readonly words: readonly (string | undefined)[];
  readonly image: string | undefined;
};

export type Values = readonly (number | null)[];

type Members = Readonly<Record<string, unknown>>;

const SIDE = ["influencer_share", "sentiment", "engagement"];
const MAX_MAGNITUDE = 1e30;

/** Reads the item at an index; `undefined` when the server might see something else in it than we do. */
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

/** Market, gender and category; `country` is another name of the market. */
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

/** Whether that is an object that may have members. */
export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether an object has no other members than the named ones. */
export function hasOnly(value: Members, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name));
}
