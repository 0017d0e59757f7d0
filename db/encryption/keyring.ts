import { createHash, randomBytes } from 'node:crypto';

/** AES-256 takes keys of exactly this many bytes. */
const KEY_BYTES = 32;
const HOW_TO_MAKE_ONE = `Expected ${KEY_BYTES} bytes as base64 (44 characters) or hex (64 characters); make one with: openssl rand -base64 32`;

/** The first key seals; all of them open, so that values sealed before a rotation stay readable. */
export interface Keyring {
  activeKeyId: string;
  keys: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads a keyring: one or more entries `key` or `id:key`, separated by commas or line ends; the first is active. A key
 * is 32 bytes as base64 or hex; without an id it gets the first 8 hex digits of its SHA-256.
 * @throws Error naming the entry (never its content) that is no key, or two keys of one id.
 */
export function parseKeyring(text: string): Keyring {
  const entries = text.split(/[,\r\n]+/).map((entry) => entry.trim());
  const keys = new Map<string, Uint8Array>();
  for (const [index, entry] of entries.filter((candidate) => candidate !== '').entries()) {
    const { id, key } = parseEntry(entry, index + 1);
    const known = keys.get(id);
    if (known && !Buffer.from(known).equals(key)) {
      throw new Error(`Encryption keyring: two different keys have the id "${id}"; give each its own id.`);
    }
    keys.set(id, key);
  }
  const [activeKeyId] = keys.keys();
  if (activeKeyId === undefined) {
    throw new Error(`The encryption key is empty. ${HOW_TO_MAKE_ONE}`);
  }
  return { activeKeyId, keys };
}

/** Makes a new random key, base64, in the form that `parseKeyring` reads. */
export function generateKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

function parseEntry(entry: string, position: number): { id: string; key: Buffer } {
  const colon = entry.indexOf(':');
  const givenId = colon < 0 ? null : entry.slice(0, colon).trim();
  const label = givenId === null ? `Encryption key ${position}` : `Encryption key ${position} ("${givenId}")`;
  if (givenId !== null && !/^[\w.-]{1,64}$/.test(givenId)) {
    throw new Error(
      `Encryption key ${position}: its id before the colon must be 1 to 64 letters, digits, dots, dashes or underscores.`,
    );
  }
  const key = decodeKey(entry.slice(colon + 1).trim());
  if (key === null) {
    throw new Error(`${label} is neither base64 nor hex. ${HOW_TO_MAKE_ONE}`);
  }
  if (key.length !== KEY_BYTES) {
    throw new Error(`${label} is ${key.length} bytes long. ${HOW_TO_MAKE_ONE}`);
  }
  return { id: givenId ?? createHash('sha256').update(key).digest('hex').slice(0, 8), key };
}

function decodeKey(text: string): Buffer | null {
  // Hex first: 64 hex digits are valid base64 as well, of 48 bytes.
  if (/^(?:[0-9a-f]{2})+$/i.test(text) && text.length === KEY_BYTES * 2) {
    return Buffer.from(text, 'hex');
  }
  return /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}
