/** The responses of the test origin, one step per request; the last step repeats. */
export type Script = readonly Step[];

/** A response; `reset` closes the connection, `hang` never answers. */
export type Step =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | "reset"
  | "hang";

/** A request that the test origin received. */
export type ReceivedRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Sets the script of a name at the test origin and clears its received requests. */
export async function setScript(origin: string, name: string, script: Script): Promise<void> {
  await fetch(`${origin}/__script/${name}`, { method: "POST", body: JSON.stringify(script) });
}

/** The requests that the test origin received under a name since its script was set. */
export async function receivedRequests(origin: string, name: string): Promise<ReceivedRequest[]> {
  const response = await fetch(`${origin}/__script/${name}`);
  return (await response.json()) as ReceivedRequest[];
}

/** A response like the server's from a model version. */
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
