const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** By character code; 0xff where it is no letter of the alphabet. */
const SEXTETS = Uint8Array.from(
  { length: 128 },
  (_, code) => ALPHABET.indexOf(String.fromCharCode(code)) & 0xff,
);

/** Base64 (RFC 4648 section 4), its padding there or left out; null where it is none. */
export function parseBase64(text: string): Uint8Array | null {
  const padded = /={1,2}$/.exec(text)?.[0].length ?? 0;
  const length = text.length - padded;
  if (length % 4 === 1 || (padded > 0 && text.length % 4 !== 0)) return null;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let at = 0;
  for (let i = 0; i < length; i++) {
    const sextet = SEXTETS[text.charCodeAt(i)] ?? 0xff;
    if (sextet === 0xff) return null;
    bits = ((bits << 6) | sextet) & 0xffffff;
    if (i % 4 === 0) continue;
    bytes[at++] = (bits >> (6 - 2 * (i % 4))) & 0xff;
  }
  return bytes;
}
