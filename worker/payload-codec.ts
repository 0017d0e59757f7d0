import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec, ValueError } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { Cipher } from '../domain/cipher.ts';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const ENCODING = 'binary/encrypted';
const BINDING = 'temporal-payload';
const KEY_ID = 'encryption-key-id';

/**
 * Encrypts every payload that goes to the workflow server, since container configurations hold secrets. The key id
 * travels beside the envelope, so that an operator can see which key is needed.
 */
export function createPayloadCodec(cipher: Cipher): PayloadCodec {
  return {
    async encode(payloads: Payload[]): Promise<Payload[]> {
      return payloads.map((payload) => ({
        metadata: { [METADATA_ENCODING_KEY]: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(cipher.activeKeyId) },
        data: cipher.seal(PayloadMessage.encode(payload).finish(), BINDING),
      }));
    },
    async decode(payloads: Payload[]): Promise<Payload[]> {
      return payloads.map((payload) => {
        const encoding = payload.metadata?.[METADATA_ENCODING_KEY];
        if (encoding === undefined || Buffer.from(encoding).toString() !== ENCODING) return payload;
        if (!payload.data) throw new ValueError('An encrypted payload carries nothing.');
        return PayloadMessage.decode(cipher.open(payload.data, BINDING));
      });
    },
  };
}
