const TEXT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;
/** The server refuses longer numbers. Looking behind keeps the search linear in the text. */
const LONG_NUMBER = /(?<![\d.eE+-])[\d.eE+-]{1000}/;

/** A JSON text in UTF-8 whose objects name each member once; `undefined` for anything else. */
export function readJson(bytes: Uint8Array): unknown {
  try {
    const text = TEXT.decode(bytes);
    const value: unknown = JSON.parse(text);
    return LONG_NUMBER.test(text) || membersWritten(text) !== membersRead(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** `JSON.parse` keeps the last of two members of one name, so fewer are read than were written. */
function membersWritten(text: string): number {
  let members = 0;
  for (const [, colon] of text.matchAll(STRINGS)) {
    members += colon === undefined ? 0 : 1;
  }
  return members;
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
