import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type LogFlags, logServersOf } from '../../gateway/log/log-servers.ts';
import { type NatsLink, openNatsLink } from '../../gateway/log/nats/nats-link.ts';
import type { TablecastError } from '../../protocol/errors.ts';
import { type NatsServer, natsServerPath, natsTitle, startNatsServer } from '../support/nats-server.ts';
import { SELF_SIGNED_CERT, SELF_SIGNED_KEY } from '../support/self-signed.ts';

const NO_FILES = { logCreds: null, logTlsCa: null, logTlsCert: null, logTlsKey: null };
const PASSWORD = 'a secret/with:signs';

test.each([
  ['nats://a', { addresses: ['a:4222'], user: null, usesTls: false }],
  ['nats://a:80,b:4333,nats://[::1]:1', { addresses: ['a:80', 'b:4333', '[::1]:1'] }],
  ['tls://a/', { addresses: ['a:4222'], usesTls: true }],
  [
    `nats://gateway:${encodeURIComponent(PASSWORD)}@a,b`,
    { addresses: ['a:4222', 'b:4222'], user: { name: 'gateway', password: PASSWORD } },
  ],
])('--log %s', (log, expected) => {
  expect(logServersOf({ log, ...NO_FILES })).toMatchObject(expected);
});

test.each([
  '',
  'a',
  'http://a',
  'nats://',
  'nats://a,',
  'nats://a/path',
  'nats://a?b',
  'nats://a:99999',
  'nats:a',
])('names no servers: --log %s', (log) => {
  expect(() => logServersOf({ log, ...NO_FILES })).toThrow('--log names NATS servers');
});

describe.skipIf(natsServerPath === null)(`a connection to the log's servers${natsTitle}`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'tablecast-link-'));
  const file = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  const cert = file('cert.pem', SELF_SIGNED_CERT);
  const key = file('key.pem', SELF_SIGNED_KEY);
  let server: NatsServer | undefined;
  let link: NatsLink | undefined;
  afterEach(async () => {
    await link?.close();
    await server?.close();
    link = undefined;
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const open = async (flags: Partial<LogFlags> & { readonly log: string }) => {
    link = await openNatsLink(logServersOf({ ...NO_FILES, ...flags }), { firstConnectMs: 500 });
    return link;
  };
  const refusal = (flags: Partial<LogFlags> & { readonly log: string }) =>
    open(flags).then(
      () => null,
      ({ code, message }: TablecastError) => ({ code, message }),
    );

  test('logs in with the user of the address, and says no password where it is not let in', async () => {
    server = await startNatsServer(['--user', 'gateway', '--pass', PASSWORD]);
    const at = (user: string) => ({ log: `nats://${user}127.0.0.1:${server!.port}` });
    const refused = await refusal(at('gateway:wrong-one@'));
    expect(refused).toMatchObject({ code: 'log_unavailable', message: expect.stringMatching(/authori/i) });
    expect(refused?.message).not.toContain('wrong-one');
    expect(await refusal(at(''))).toMatchObject({ code: 'log_unavailable' });
    expect((await open(at(`gateway:${encodeURIComponent(PASSWORD)}@`))).away()).toBeNull();
  });

  test('speaks TLS with servers whose authority is given, and with no others', async () => {
    server = await startNatsServer(['--tls', '--tlscert', cert, '--tlskey', key]);
    const log = `tls://localhost:${server.port}`;
    expect(await refusal({ log })).toMatchObject({ code: 'log_unavailable' });
    expect((await open({ log, logTlsCa: cert })).away()).toBeNull();
  });

  test('shows a certificate of its own to servers that want one', async () => {
    server = await startNatsServer(['--tlsverify', '--tlscert', cert, '--tlskey', key, '--tlscacert', cert]);
    const log = `tls://localhost:${server.port}`;
    expect(await refusal({ log, logTlsCa: cert })).toMatchObject({ code: 'log_unavailable' });
    const own = { logTlsCa: cert, logTlsCert: cert, logTlsKey: key };
    expect((await open({ log, ...own })).away()).toBeNull();
  });

  test('names the file that cannot be read, and the servers that are not there', async () => {
    const log = 'nats://127.0.0.1:1';
    expect(await refusal({ log, logTlsCa: join(directory, 'none') })).toMatchObject({
      code: 'bad_parameter',
      message: expect.stringMatching(/--log-tls-ca .*none cannot be read \(ENOENT\)/),
    });
    expect(await refusal({ log, logCreds: join(directory, 'none') })).toMatchObject({
      code: 'bad_parameter',
    });
    expect(await refusal({ log })).toMatchObject({ message: expect.stringContaining('127.0.0.1:1') });
  });
});
