const POLYNOMIAL = 0xedb88320;

/** The checksum of ZIP entries (ISO 3309, as in RFC 1952 section 8), to be continued over pieces. */
export function createCrc32(): { add(bytes: Uint8Array): void; value(): number } {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++)
      remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
    return remainder;
  });
  let crc = 0xffffffff;
  return {
    add(bytes) {
      for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 0xff]!;
    },
    value: () => (crc ^ 0xffffffff) >>> 0,
  };
}
