import { hexOf } from "../bytes";
import { questionBytes } from "../question/layout";
import type { Question } from "../question/question";

/**
 * Where the answer to a question is kept: under its digest, on the host that was asked, as the Cache API wants it. The
 * client is no part of it, because answers are the same for all; a page's origin is, because CORS headers may name it.
 */
export async function cacheUrl(question: Question, host: string, origin: string | null): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", questionBytes(question));
  const suffix = origin === null ? "" : `?origin=${encodeURIComponent(origin)}`;
  return `https://${host}/__forecasts/${hexOf(digest)}${suffix}`;
}
