import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Base64 of three bytes is four characters; where a text begins within them changes all of its own. */
const BASE64_GROUP = 3;

function base64Forms(text: string): string[] {
  return Array.from({ length: BASE64_GROUP }, (_, shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
    // The first and last group hold bits of what stands before and behind as well.
    const whole = shifted.subarray(0, shifted.length - (shifted.length % BASE64_GROUP)).toString('base64');
    return shift === 0 ? whole : whole.slice(4);
  });
}

/** Each way in which a text may be written down: as it is, in base64 at any offset, in hex. */
function formsOf(text: string): string[] {
  const base64 = base64Forms(text);
  const hex = Buffer.from(text).toString('hex');
  const urlSafe = base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([text, JSON.stringify(text).slice(1, -1), hex, hex.toUpperCase(), ...base64, ...urlSafe])];
}

/** Whether a content holds the text in any form. */
export function holds(content: Buffer | string, text: string): boolean {
  return formsOf(text).some((form) => content.includes(form));
}

/** Files below the folder that hold the text in any form, by their paths in it. */
export async function searchFiles(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    if (holds(await readFile(file), text)) found.push(path.relative(folder, file));
  }
  return found.sort();
}
