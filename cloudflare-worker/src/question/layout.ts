import type { Item, SeriesItem, TrendItem, Values } from "./item";
import type { Question } from "./question";

/*
 * The byte layout of cache keys before hashing. An item has the layout of the server's `CacheKey.java`, where the
 * artifact digest precedes it; both are tested on `model-store/fixtures/keys.json`. A whole question, tested on
 * `edge-keys.json`:
 *
 *   form       1 byte: 'P', 'H' or 'I'
 *   history    1 byte: 0 or 1
 *   count      int32
 *   items      each: its id as text, then the item
 */
const ABSENT = -1;
const MISSING_HIGH = 0x7ff80000;
const NO_DIGEST = new Uint8Array();
const UTF8 = new TextEncoder();

/** The bytes of a question with order, duplicates and ids. It must have no image. */
export function questionBytes(question: Question): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  out.byte(question.form.charCodeAt(0));
  out.byte(question.history ? 1 : 0);
  out.int32(question.items.length);
  for (const item of question.items) {
    out.text(item.id);
    writeItem(out, item, NO_DIGEST);
  }
  return out.bytes();
}

/** The bytes of one item without its id; its image counts by SHA-256, empty for none. */
export function itemBytes(item: Item, imageSha256: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  writeItem(out, item, imageSha256);
  return out.bytes();
}

function writeItem(out: ByteWriter, item: Item, imageSha256: Uint8Array): void {
  if ("hashtag" in item) {
    writeTrend(out, item);
    return;
  }
  writeSeries(out, item, imageSha256);
}

function writeTrend(out: ByteWriter, item: TrendItem): void {
  out.byte("T".charCodeAt(0));
  out.text(item.hashtag);
  out.text(item.market);
}

function writeSeries(out: ByteWriter, item: SeriesItem, imageSha256: Uint8Array): void {
  const weeks = item.series.length;
  out.byte("S".charCodeAt(0));
  out.int64(item.lastWeek);
  out.int32(weeks);
  out.values(item.series, weeks);
  for (const values of item.side) {
    out.values(values ?? [], weeks);
  }
  for (const word of item.words) {
    out.text(word);
  }
  out.byte(imageSha256.length > 0 ? 1 : 0);
  out.raw(imageSha256);
}

/** A growing big-endian buffer. Confined to one call. */
class ByteWriter {
  #buffer = new Uint8Array(1024);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  byte(value: number): void {
    this.#view.setUint8(this.#advance(1), value);
  }

  int32(value: number): void {
    this.#view.setInt32(this.#advance(4), value);
  }

  int64(value: number): void {
    this.#view.setBigInt64(this.#advance(8), BigInt(value));
  }

  /** One double per week: −0 as 0, missing values as one fixed NaN. */
  values(values: Values, weeks: number): void {
    let at = this.#advance(8 * weeks);
    for (let week = 0; week < weeks; week++, at += 8) {
      const value = values[week] ?? null;
      if (value === null) {
        this.#view.setUint32(at, MISSING_HIGH);
      } else {
        this.#view.setFloat64(at, value + 0);
      }
    }
  }

  text(text: string | undefined): void {
    if (text === undefined) {
      this.int32(ABSENT);
      return;
    }
    const bytes = UTF8.encode(text);
    this.int32(bytes.length);
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#advance(bytes.length);
    this.#buffer.set(bytes, at);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#length);
  }

  #advance(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#buffer.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#buffer);
      this.#buffer = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}
