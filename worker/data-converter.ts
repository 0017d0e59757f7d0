import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { Cipher } from '../domain/cipher.ts';
import { createPayloadCodec } from './payload-codec.ts';

export const FAILURE_CONVERTER_PATH = fileURLToPath(new URL('./failure-converter.cjs', import.meta.url));

/** How everything that goes to the workflow server is encoded; workers and clients must use the same. */
export function createDataConverter(cipher: Cipher): DataConverter {
  return { failureConverterPath: FAILURE_CONVERTER_PATH, payloadCodecs: [createPayloadCodec(cipher)] };
}
