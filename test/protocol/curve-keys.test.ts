import { describe, expect, test } from 'vitest';
import { curveKeyPair } from 'zeromq';
import { isLoopbackAddress, parseTcpAddress } from '../../protocol/bus-address.ts';
import { curveKeyText, isCurveKey, parseAllowedKeys, parseKeyPair } from '../../protocol/curve-keys.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { answerZap } from '../../protocol/zap.ts';

/** The client's public key of ZeroMQ RFC 26's test vectors. */
const bytes = Uint8Array.from(
  Buffer.from('bb88471d65e2659b30c55a5321cebb5aab2b70a398645c26dca2b2fcb43fc518', 'hex'),
);
const text = 'Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID';

describe('a key', () => {
  test('is written in Z85', () => {
    expect(curveKeyText(bytes)).toBe(text);
    // ZeroMQ RFC 32's example.
    expect(curveKeyText(Uint8Array.from(Buffer.from('864fd26fb559f75b', 'hex')))).toBe('HelloWorld');
  });

  test('is 40 characters of that alphabet', () => {
    const { publicKey, secretKey } = curveKeyPair();
    for (const key of [text, publicKey, secretKey]) expect(isCurveKey(key), key).toBe(true);
    for (const key of ['', text.slice(1), `${text}0`, text.replace('Y', '"'), text.replace('Y', ' ')])
      expect(isCurveKey(key), key).toBe(false);
  });
});

describe('a key file', () => {
  test('holds a pair, in either order, with what else it says', () => {
    const pair = curveKeyPair();
    const lines = `# mine\r\nsecret ${pair.secretKey}\r\n  public   ${pair.publicKey}\n`;
    expect(parseKeyPair(lines, 'f')).toEqual(pair);
  });

  test.each(['', 'public x\nsecret y\n', `public ${text}\n`, `secret ${text}\n`])(
    'without a pair is refused by its name, without what it holds: %j',
    (lines) => {
      expect(() => parseKeyPair(lines, 'my.key')).toThrow(TablecastError);
      expect(() => parseKeyPair(lines, 'my.key')).toThrow(/^my\.key holds no key pair/);
    },
  );

  test('of allowed keys has one a line, and comments', () => {
    const list = `# gateways of hall 3\n\n${text} first of them\r\n#ne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID\n`;
    expect([...parseAllowedKeys(list, 'f')]).toEqual([text, text.replace('Y', '#')]);
    expect(() => parseAllowedKeys(`${text}\nnonsense\n`, 'allowed')).toThrow(/^allowed, line 2/);
  });
});

describe('the answer to a peer that asks for admission', () => {
  const request = (mechanism: string, credentials: Uint8Array, version = '1.0') => [
    ...[version, '7', 'tablecast', '192.0.2.1', '', mechanism].map((part) => Buffer.from(part)),
    credentials,
  ];
  const allowed = new Set([text]);

  test('is yes for a listed key', () => {
    const { frames, refused } = answerZap(request('CURVE', bytes), allowed);
    expect(frames.map(String)).toEqual(['1.0', '7', '200', 'OK', text, '']);
    expect(refused).toBeNull();
  });

  test.each([
    ['another key', request('CURVE', bytes.toReversed())],
    ['a short key', request('CURVE', bytes.subarray(1))],
    ['no key', request('NULL', new Uint8Array())],
    ['a password', request('PLAIN', bytes)],
    ['another version', request('CURVE', bytes, '2.0')],
    ['nothing at all', []],
  ])('is no for %s', (_what, frames) => {
    const answer = answerZap(frames, allowed);
    expect(answer.frames[2]).toBe('400');
    expect(answer.refused).not.toBeNull();
  });
});

describe('a bus address', () => {
  test.each([
    ['tcp://127.0.0.1:5411', { host: '127.0.0.1', port: '5411' }],
    ['tcp://[2001:db8::1]:*', { host: '2001:db8::1', port: '*' }],
    ['tcp://*:5413', { host: '*', port: '5413' }],
    ['tcp://plant.example:1', { host: 'plant.example', port: '1' }],
    ['tcp://127.0.0.1', null],
    ['ipc:///tmp/bus', null],
    ['nowhere', null],
  ])('%s has host and port, or is of another kind', (address, expected) => {
    expect(parseTcpAddress(address)).toEqual(expected);
  });

  test.each<[string, boolean]>([
    ['tcp://127.0.0.1:1', true],
    ['tcp://localhost:1', true],
    ['tcp://[::1]:1', true],
    ['ipc:///tmp/bus', true],
    ['inproc://bus', true],
    ['tcp://*:1', false],
    ['tcp://0.0.0.0:1', false],
    ['tcp://[::]:1', false],
    ['tcp://eth0:1', false],
    ['tcp://127.0.0.1.evil.example:1', false],
    ['tcp://127.0.0.1:0;192.0.2.1:1', false],
    ['udp://127.0.0.1:1', false],
  ])('%s is reached by this machine alone: %s', (address, expected) => {
    expect(isLoopbackAddress(address)).toBe(expected);
  });
});
