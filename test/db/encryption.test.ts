import { describe, expect, it } from '@jest/globals';
import { createCipher } from '../../db/encryption/envelope.ts';
import { generateKey, parseKeyring } from '../../db/encryption/keyring.ts';

const BINDING = 'update_backups:7:inspect';
const secret = Buffer.from('PASSWORD=hunter2');

describe('an envelope', () => {
  const cipher = createCipher(parseKeyring(generateKey()));

  it('gives back what was sealed, the empty value too', () => {
    for (const plaintext of [secret, Buffer.alloc(0), Buffer.alloc(100_000, 7)]) {
      expect(Buffer.from(cipher.open(cipher.seal(plaintext, BINDING), BINDING))).toEqual(plaintext);
    }
  });

  it('shows neither the value nor that two values are equal', () => {
    const sealed = Buffer.from(cipher.seal(secret, BINDING));
    expect(sealed.includes('hunter2')).toBe(false);
    expect(sealed.equals(cipher.seal(secret, BINDING))).toBe(false);
  });

  it('opens only for the row that it was sealed for', () => {
    expect(() => cipher.open(cipher.seal(secret, BINDING), 'update_backups:8:inspect')).toThrow(
      /belongs to another row/,
    );
  });

  it('does not open once any of its bytes was changed', () => {
    const sealed = cipher.seal(secret, BINDING);
    for (const position of sealed.keys()) {
      const changed = Uint8Array.from(sealed, (byte, index) => (index === position ? byte ^ 1 : byte));
      expect(() => cipher.open(changed, BINDING)).toThrow(BINDING);
    }
  });

  it('does not open when it was cut off, however short', () => {
    const sealed = cipher.seal(secret, BINDING);
    for (const length of sealed.keys()) {
      expect(() => cipher.open(sealed.subarray(0, length), BINDING)).toThrow(BINDING);
    }
  });

  it('names the key that is missing', () => {
    const other = createCipher(parseKeyring(`elsewhere:${generateKey()}`));
    expect(() => cipher.open(other.seal(secret, BINDING), BINDING)).toThrow(
      /key "elsewhere", which the keyring doesn't/,
    );
  });

  it('stays readable after a rotation, while new values take the new key', () => {
    const [old, young] = [`old:${generateKey()}`, `young:${generateKey()}`];
    const sealedBefore = createCipher(parseKeyring(old)).seal(secret, BINDING);
    const rotated = createCipher(parseKeyring(`${young}\n${old}\n`));
    expect(Buffer.from(rotated.open(sealedBefore, BINDING))).toEqual(secret);
    expect(rotated.activeKeyId).toBe('young');
    const sealedAfter = rotated.seal(secret, BINDING);
    expect(() => createCipher(parseKeyring(old)).open(sealedAfter, BINDING)).toThrow(/key "young"/);
  });
});

describe('a keyring', () => {
  const key = generateKey();
  const hex = Buffer.from(key, 'base64').toString('hex');

  it('takes a key as base64, URL-safe base64 or hex, and names each the same', () => {
    const urlSafe = Buffer.from(key, 'base64').toString('base64url');
    const ids = [key, urlSafe, hex, hex.toUpperCase()].map((text) => parseKeyring(text).activeKeyId);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}$/);
  });

  it('takes several keys by comma or line, the first being active', () => {
    const keyring = parseKeyring(`\n now:${hex}, before:${generateKey()}\r\n${generateKey()}\n`);
    expect(keyring.activeKeyId).toBe('now');
    expect(keyring.keys.size).toBe(3);
  });

  it.each([
    ['', /is empty.*openssl rand/s],
    ['c2hvcnQ=', /Encryption key 1 is 5 bytes long.*32 bytes.*openssl rand -base64 32/s],
    [`${key},old:!!!`, /Encryption key 2 \("old"\) is neither base64 nor hex/],
    [`a b:${key}`, /Encryption key 1: its id/],
    [`same:${key},same:${generateKey()}`, /two different keys have the id "same"/],
  ])('refuses %j and says what was expected', (text, message) => {
    expect(() => parseKeyring(text)).toThrow(message);
  });

  it('never repeats a bad key in its message', () => {
    expect(() => parseKeyring('bXktc2VjcmV0')).toThrow(
      expect.not.objectContaining({ message: expect.stringMatching('bXktc2VjcmV0') }),
    );
  });
});
