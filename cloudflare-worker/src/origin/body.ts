import { Problem } from "../problem";

/** The beginning of a body, and what follows when it is longer than was to be read. */
export type Beginning = {
  readonly start: Uint8Array<ArrayBuffer>;
  readonly rest: ReadableStreamDefaultReader<Uint8Array> | undefined;
};

/** Reads a body whole if it has at most that many bytes; of a longer one hardly more. */
export async function readUpTo(body: ReadableStream<Uint8Array> | null, max: number): Promise<Beginning> {
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

/** A body to pass on, and a check that fails once more bytes than allowed have come. */
export type Upload = {
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>;
  readonly check: () => void;
};

/** A body to pass on as it comes. One that becomes too large is cut off; the runtime may take that for its end, so the check decides. */
export function passedOn({ start, rest }: Beginning, max: number): Upload {
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

/** Refuses a body that says itself that it is too large. */
export function requireLength(headers: Headers, max: number): void {
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
