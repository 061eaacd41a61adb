import { TablecastError } from './errors.ts';

/** A CURVE key pair (ZeroMQ RFC 26), each key as 40 characters of Z85. */
export interface CurveKeyPair {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** The alphabet of Z85 (ZeroMQ RFC 32), in the order of its digits. */
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const KEY_LENGTH = 40;

export function isCurveKey(text: string): boolean {
  return text.length === KEY_LENGTH && [...text].every((character) => ALPHABET.includes(character));
}

/** A key of 32 bytes as Z85: four bytes, the first the highest, are five digits in base 85. */
export function curveKeyText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let offset = 0; offset + 4 <= bytes.length; offset += 4) {
    let rest = view.getUint32(offset);
    let digits = '';
    for (let digit = 0; digit < 5; digit++) {
      digits = ALPHABET[rest % 85]! + digits;
      rest = Math.floor(rest / 85);
    }
    text += digits;
  }
  return text;
}

/**
 * Reads a key pair's file: the lines `public KEY` and `secret KEY`.
 *
 * @param file its name, for the message, which never holds a key
 * @throws TablecastError `bad_parameter`
 */
export function parseKeyPair(text: string, file: string): CurveKeyPair {
  const key = (name: string) =>
    lines(text)
      .map((line) => line.split(/\s+/))
      .find(([word]) => word === name)?.[1] ?? '';
  const pair = { publicKey: key('public'), secretKey: key('secret') };
  if (isCurveKey(pair.publicKey) && isCurveKey(pair.secretKey)) return pair;
  throw new TablecastError(
    'bad_parameter',
    `${file} holds no key pair: it has the lines "public KEY" and "secret KEY"; make one with \`tablecast keys\`.`,
  );
}

/**
 * A list of public keys: one a line, and after a space whose it is.
 *
 * @throws TablecastError `bad_parameter` naming file and line
 */
export function parseAllowedKeys(text: string, file: string): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    const [key = ''] = line.trim().split(/\s+/);
    // A line that begins with a sign and a space says something to people; keys may begin with the sign too.
    if (key === '' || key === '#') continue;
    if (!isCurveKey(key)) {
      throw new TablecastError(
        'bad_parameter',
        `${file}, line ${index + 1}: this is no public key of 40 characters, as \`tablecast keys\` prints it.`,
      );
    }
    keys.add(key);
  }
  return keys;
}

function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim());
}
