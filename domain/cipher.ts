/**
 * Authenticated encryption of small values at rest and in transit. The implementation lives in `db/encryption/`; the
 * rest of the program sees this interface only, so that it can be handed in at the composition root.
 */
export interface Cipher {
  /**
   * Encrypts `plaintext` and binds it to `associatedData` (for example `update_backups:<id>:inspect`), which must be
   * given again to `open`. The result is one self-describing envelope that carries a key id and a nonce.
   */
  seal(plaintext: Uint8Array, associatedData: string): Uint8Array;
  /**
   * Decrypts an envelope made by `seal`.
   * @throws Error when the key id is unknown, the envelope was changed, or `associatedData` is another.
   */
  open(envelope: Uint8Array, associatedData: string): Uint8Array;
  /** Id of the key that `seal` uses at present, never the key itself. */
  readonly activeKeyId: string;
}
