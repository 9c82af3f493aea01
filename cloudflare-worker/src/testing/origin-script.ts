/** What the origin of the tests answers, one step a request. */
export type Script = readonly Step[];

export type Step =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | "reset"
  | "hang";

/** What that origin was asked. */
export type ReceivedRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** An answer such as the server's, of a model version. */
export function forecast(version: string, headers: Record<string, string> = {}): Step {
  return {
    headers: {
      "Content-Type": "application/json",
      "Cache-Control": "public, max-age=60, stale-while-revalidate=300, stale-if-error=3600",
      "CDN-Cache-Control": "max-age=300, stale-while-revalidate=300, stale-if-error=3600",
      "Cache-Status": "hemline; fwd=miss",
      "Cache-Tag": `model:trend,version:${version},market:vn`,
      "X-Model-Version": version,
      ETag: `"tag-of-${version}"`,
      Vary: "Accept-Encoding",
      ...headers,
    },
    body: JSON.stringify({ trend_score: 0.18, model_version: version }),
  };
}
