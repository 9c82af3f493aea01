const TEXT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;
/** The server refuses longer numbers. The lookbehind keeps the search linear in the text. */
const LONG_NUMBER = /(?<![\d.eE+-])[\d.eE+-]{1000}/;

/** The members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>;

/** Reads JSON in UTF-8 without duplicate members; `undefined` for any other bytes. */
export function readJson(bytes: Uint8Array): unknown {
  try {
    const text = TEXT.decode(bytes);
    const value: unknown = JSON.parse(text);
    return LONG_NUMBER.test(text) || membersWritten(text) !== membersRead(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** `JSON.parse` keeps only the last of duplicate members, so it reads fewer members than the text has. */
function membersWritten(text: string): number {
  let members = 0;
  for (const [, colon] of text.matchAll(STRINGS)) {
    members += colon === undefined ? 0 : 1;
  }
  return members;
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether an object has no members other than the named ones. */
export function hasOnly(value: Members, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name));
}

function membersRead(value: unknown): number {
  if (typeof value !== "object" || value === null) {
    return 0;
  }
  let members = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const inner of Object.values(value)) {
    members += membersRead(inner);
  }
  return members;
}
