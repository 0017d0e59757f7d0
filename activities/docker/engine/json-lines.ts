import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Reads a stream of one JSON value per line, as the engine's pull and event answers are. Broken lines are skipped. */
export async function* jsonLines(stream: NodeJS.ReadableStream): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input: stream as Readable, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const value = parse(line);
    if (value !== undefined) yield value;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line that is cut off means that the stream broke; its end says so to the reader.
    return undefined;
  }
}
