import { Problem } from "../problem";

/** The first bytes of a body, and a reader of the rest if there is one. */
export type BodyPrefix = {
  readonly start: Uint8Array<ArrayBuffer>;
  readonly rest: ReadableStreamDefaultReader<Uint8Array> | undefined;
};

/** Reads a body up to the first chunk that exceeds `max` bytes. */
export async function readUpTo(body: ReadableStream<Uint8Array> | null, max: number): Promise<BodyPrefix> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    chunks.push(value);
    length += value.length;
    if (length > max) {
      return { start: joined(chunks, length), rest: reader };
    }
  }
  return { start: joined(chunks, length), rest: undefined };
}

/** A body for the origin, and a check that throws a problem 413 once the body exceeded its limit. */
export type Upload = {
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>;
  readonly check: () => void;
};

/**
 * Streams a body to the origin with a limit of `max` bytes. The runtime may take the error of an oversized stream for
 * its end, so the caller must also call the check.
 */
export function uploadOf({ start, rest }: BodyPrefix, max: number): Upload {
  let length = start.length;
  const check = (): void => {
    if (length > max) {
      throw tooLarge(max);
    }
  };
  check();
  if (rest === undefined) {
    return { body: start, check };
  }
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(start),
    pull: async (controller) => {
      const { done, value } = await rest.read();
      length += value?.length ?? 0;
      if (length > max) {
        await rest.cancel();
        controller.error(tooLarge(max));
      } else if (done) {
        controller.close();
      } else {
        controller.enqueue(value);
      }
    },
    cancel: (reason) => rest.cancel(reason),
  });
  return { body, check };
}

/** Throws a problem 413 for a `Content-Length` over the limit. */
export function rejectOversized(headers: Headers, max: number): void {
  const length = Number(headers.get("Content-Length") ?? 0);
  if (length > max) {
    throw tooLarge(max, `${length} bytes`);
  }
}

function tooLarge(max: number, size = "more"): Problem {
  return new Problem(413, "Body too large", `The body may have at most ${max} bytes, not ${size}.`);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
