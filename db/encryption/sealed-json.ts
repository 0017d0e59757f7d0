import type { Cipher } from '../../domain/cipher.ts';

/** Seals a JSON value; `associatedData` names the row and column that it belongs to. */
export function sealJson(cipher: Cipher, value: unknown, associatedData: string): Uint8Array {
  return cipher.seal(Buffer.from(JSON.stringify(value ?? null), 'utf8'), associatedData);
}

/**
 * Opens what `sealJson` made.
 * @throws Error as `Cipher.open` does.
 */
export function openJson(cipher: Cipher, envelope: Uint8Array, associatedData: string): unknown {
  return JSON.parse(Buffer.from(cipher.open(envelope, associatedData)).toString('utf8'));
}
