const HEADER_BYTES = 8;

/**
 * Text of a log answer. Containers without a terminal get both streams in frames (byte 0 the stream, bytes 4–7 the
 * length, big-endian); those with one get plain bytes. Source: Docker Engine API, "Attach to a container", stream format.
 */
export function demultiplexLog(log: Buffer): string {
  const parts: Buffer[] = [];
  let offset = 0;
  while (offset + HEADER_BYTES <= log.length) {
    const stream = log[offset] ?? 255;
    const framed = stream <= 2 && log[offset + 1] === 0 && log[offset + 2] === 0 && log[offset + 3] === 0;
    if (!framed) return log.toString('utf8');
    const length = log.readUInt32BE(offset + 4);
    parts.push(log.subarray(offset + HEADER_BYTES, offset + HEADER_BYTES + length));
    offset += HEADER_BYTES + length;
  }
  return parts.length === 0 ? log.toString('utf8') : Buffer.concat(parts).toString('utf8');
}
