/**
 * Characters that the Worker and the server might normalise differently: those of Unicode 14 to 17, which a server on
 * JDK 17 (Unicode 13) leaves unchanged, and Σ, whose lower case depends on its position.
 */
const AMBIGUOUS =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: every character stands for itself
  /[\u03a3\u0897-\u089f\u08ca-\u08d2\u0c3c\u0cf3\u0ece\u1715\u180f\u1ac1-\u1aeb\u1c89\u1dfa\u2c2f\ua7c0\ua7cb-\ua7dc\ua7f1-\ua7f4\u{10570}-\u{105c9}\u{105e4}\u{10781}-\u{107ba}\u{10d50}-\u{10d6d}\u{10efa}-\u{10eff}\u{10f82}-\u{10f85}\u{11070}-\u{11074}\u{110c2}\u{11241}\u{11383}-\u{113e2}\u{11b60}-\u{11b67}\u{11f00}-\u{11f5a}\u{13440}-\u{13455}\u{1611e}-\u{1612f}\u{16d68}-\u{16d6a}\u{16ea0}-\u{16eb8}\u{1ccd6}-\u{1cf46}\u{1e030}-\u{1e08f}\u{1e2ae}\u{1e4ec}-\u{1e4ef}\u{1e5ee}-\u{1e6f5}]/u;

const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
const MAX_RAW_LENGTH = 1000;
const MAX_LENGTH = 100;

/** The canonical form of a hashtag, as in the server's `TrendQuestion.canonical`; `undefined` for an ambiguous one. */
export function canonicalHashtag(text: string): string | undefined {
  if (text.length > MAX_RAW_LENGTH || UNPRINTABLE.test(text) || AMBIGUOUS.test(text)) {
    return undefined;
  }
  const folded = text.normalize("NFKC").toLowerCase();
  const canonical = folded.replace(/^[# \u1680]+|[ \u1680]+$/g, "");
  return isOfLength(canonical) ? canonical : undefined;
}

/** Whether a value is a valid id, market or attribute. */
export function isWord(text: unknown): text is string {
  return typeof text === "string" && !UNPRINTABLE.test(text) && isOfLength(text);
}

function isOfLength(text: string): boolean {
  const length = text.length > 2 * MAX_LENGTH ? text.length : [...text].length;
  return length >= 1 && length <= MAX_LENGTH;
}
