import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Cipher } from '../../domain/cipher.ts';
import type { Keyring } from './keyring.ts';

/*
 * The envelope, in bytes: magic (1), version (1), length of the key id (1), key id, nonce (12), ciphertext, tag (16).
 * The header up to the key id is authenticated together with the associated data.
 */
const ALGORITHM = 'aes-256-gcm';
const MAGIC = 0xda;
const VERSION = 1;
const FIXED_HEADER_BYTES = 3;
/** NIST SP 800-38D recommends 96 bits; random, so one key is good for about 2^32 values. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Makes the cipher that seals with the keyring's active key and opens with any of its keys.
 * @throws Error when the keyring lacks its active key.
 */
export function createCipher(keyring: Keyring): Cipher {
  // Made once: a cipher that is given bytes makes one each time.
  const keys = new Map([...keyring.keys].map(([id, bytes]) => [id, createSecretKey(bytes)]));
  const activeKey = keys.get(keyring.activeKeyId);
  if (!activeKey) {
    throw new Error(`The encryption keyring holds no key of its active id "${keyring.activeKeyId}".`);
  }
  return {
    activeKeyId: keyring.activeKeyId,
    seal: (plaintext, associatedData) => seal(activeKey, keyring.activeKeyId, plaintext, associatedData),
    open: (envelope, associatedData) => open(keys, envelope, associatedData),
  };
}

function seal(key: KeyObject, keyId: string, plaintext: Uint8Array, associatedData: string): Uint8Array {
  const id = Buffer.from(keyId, 'utf8');
  const header = Buffer.concat([Buffer.from([MAGIC, VERSION, id.length]), id]);
  const nonce = randomBytes(NONCE_BYTES);
  const encryption = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  encryption.setAAD(Buffer.concat([header, Buffer.from(associatedData, 'utf8')]));
  return Buffer.concat([header, nonce, encryption.update(plaintext), encryption.final(), encryption.getAuthTag()]);
}

function open(keys: ReadonlyMap<string, KeyObject>, envelope: Uint8Array, associatedData: string): Uint8Array {
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
  const headerEnd = FIXED_HEADER_BYTES + (bytes[2] ?? 0);
  if (bytes[0] !== MAGIC || bytes[1] !== VERSION || bytes.length < headerEnd + NONCE_BYTES + TAG_BYTES) {
    throw new Error(
      `The value for "${associatedData}" is no encrypted envelope of version ${VERSION}; it was cut off, changed or never encrypted.`,
    );
  }
  const keyId = bytes.toString('utf8', FIXED_HEADER_BYTES, headerEnd);
  const key = keys.get(keyId);
  if (!key) {
    throw new Error(
      `The value for "${associatedData}" is encrypted with key "${keyId}", which the keyring doesn't hold (it has: ${[...keys.keys()].join(', ')}). Add that key after the active one in ENCRYPTION_KEY.`,
    );
  }
  const nonceEnd = headerEnd + NONCE_BYTES;
  const decryption = createDecipheriv(ALGORITHM, key, bytes.subarray(headerEnd, nonceEnd), {
    authTagLength: TAG_BYTES,
  });
  decryption.setAAD(Buffer.concat([bytes.subarray(0, headerEnd), Buffer.from(associatedData, 'utf8')]));
  decryption.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    return Buffer.concat([decryption.update(bytes.subarray(nonceEnd, bytes.length - TAG_BYTES)), decryption.final()]);
  } catch (cause) {
    throw new Error(
      `The value for "${associatedData}" can't be decrypted with key "${keyId}": it was changed, belongs to another row, or another key has that id.`,
      { cause },
    );
  }
}
