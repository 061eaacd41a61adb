import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { warningsOf } from '../../gateway/config/check-config.ts';
import { gatewayCommand } from '../../gateway/config/gateway-command.ts';
import { DEFAULT_CONFIG, type GatewayConfig } from '../../gateway/config.ts';
import { TablecastError } from '../../protocol/errors.ts';

const token = 'a-token-long-enough';
const key = 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7';

async function configOf(args: readonly string[]): Promise<GatewayConfig> {
  let config: GatewayConfig | undefined;
  const command = gatewayCommand(async (given) => {
    config = given;
  });
  command.exitOverride().configureOutput({ writeErr: () => {}, outputError: () => {} });
  await command.parseAsync(args, { from: 'user' });
  return config!;
}

async function refusalOf(args: readonly string[]): Promise<string> {
  try {
    await configOf(args);
  } catch (error) {
    if (error instanceof TablecastError || error instanceof CommanderError) return error.message;
    throw error;
  }
  return 'taken';
}

test('without flags the configuration is the default one', async () => {
  expect(await configOf([])).toEqual(DEFAULT_CONFIG);
});

const outside = ['--host', '0.0.0.0', '--write-token', token];
const curve = ['--curve-secret-key-file', 'gateway.key'];

describe('settings that are taken', () => {
  const cases: readonly [readonly string[], Partial<GatewayConfig>][] = [
    [['--host', 'localhost'], { host: 'localhost' }],
    [['--host', '127.9.9.9'], { host: '127.9.9.9' }],
    [['--host', '::1'], { host: '::1' }],
    [outside, { host: '0.0.0.0', writeToken: token }],
    [['--host', '::', '--insecure'], { host: '::', insecure: true }],
    [['--view-token', token], { viewToken: token }],
    [
      ['--allow-origin', 'https://a.example', '--allow-origin', 'http://b.example:81/,https://C.example:443'],
      { allowOrigin: ['https://a.example', 'http://b.example:81', 'https://c.example'] },
    ],
    [['--allow-origin', '*', '--insecure'], { allowOrigin: ['*'] }],
    [['--allow-frame', '*'], { allowFrame: ['*'] }],
    [
      ['--trust-proxy', '127.0.0.1', '--trust-proxy', '10.0.0.0/8,::1'],
      { trustProxy: ['127.0.0.1', '10.0.0.0/8', '::1'] },
    ],
    [['--base-path', '/a/b-c/'], { basePath: '/a/b-c' }],
    [['--base-path', '/'], { basePath: '' }],
    [['--workers', '64'], { workers: 64 }],
    [['--webhook', 'https://Hooks.example'], { webhook: 'https://hooks.example/' }],
    [['--max-requests-per-second', '0'], { maxRequestsPerSecond: 0 }],
    [['--bind', 'ipc:///tmp/bus', '--pull', 'tcp://[::1]:*'], { pull: ['tcp://[::1]:*'] }],
    [[...curve, '--curve-producer-key', key, '--connect', 'tcp://192.0.2.1:5411'], { curveProducerKey: key }],
    [[...curve, '--curve-allowed-keys', 'allowed', '--pull', 'tcp://*:5413'], { pull: ['tcp://*:5413'] }],
    [
      ['--log', 'nats://localhost:4222,127.0.0.1'],
      { log: 'nats://localhost:4222,127.0.0.1', logReplicas: 1 },
    ],
    [['--log', 'nats://u:p@192.0.2.1', '--log-replicas', '3'], { logStream: 'tablecast', logReplicas: 3 }],
    [['--log', 'tls://nats.example', '--log-creds', 'gateway.creds'], { logCreds: 'gateway.creds' }],
  ];
  test.each(cases)('%j', async (args, expected) => {
    expect(await configOf(args)).toMatchObject(expected);
  });
});

describe('settings that are refused, with what to change', () => {
  const cases: readonly [readonly string[], RegExp][] = [
    [['--host', '0.0.0.0'], /--host 0\.0\.0\.0.*--write-token.*--insecure/],
    [['--host', '0.0.0.0', '--view-token', token], /--write-token/],
    [['--host', '127.0.0.1.evil.example'], /--write-token/],
    [['--host', '127.0.0.999'], /--write-token/],
    [['--write-token', ''], /--write-token has 8 to/],
    [['--view-token', 'seven77'], /--view-token has 8 to/],
    [['--view-token', 'with a space in it'], /--view-token/],
    [['--view-token', token, '--write-token', token], /the same/],
    [['--allow-origin', '*'], /--allow-origin \*.*--insecure/],
    [['--allow-origin', 'https://a.example/path'], /without a path/],
    [['--allow-origin', 'a.example'], /https:/],
    [['--allow-frame', 'file:///x'], /https:/],
    [['--trust-proxy', 'proxy.example'], /IP address/],
    [['--trust-proxy', '10.0.0.0/33'], /IP address/],
    [['--trust-proxy', 'true'], /IP address/],
    [['--webhook', 'ftp://127.0.0.1/'], /http:/],
    [['--webhook', 'file:///etc/passwd'], /http:/],
    [['--webhook', 'http://user:word@127.0.0.1/'], /no name or password/],
    [['--webhook', 'hooks.example'], /http:/],
    [['--base-path', 'tablecast'], /begins with a slash/],
    [['--base-path', '/a/../b'], /begins with a slash/],
    [['--base-path', '//evil.example'], /begins with a slash/],
    [['--max-requests-per-second', '-1'], /whole number of at least 0/],
    [['--max-viewers', '0'], /whole number of at least 1/],
    [['--workers', '0'], /--workers.* whole number from 1 to 64/],
    [['--workers', '65'], /whole number from 1 to 64/],
    [['--workers', 'many'], /whole number from 1 to 64/],
    [['--tls-cert', 'c.pem'], /--tls-key/],
    [['--tls-key', 'k.pem'], /--tls-cert/],
    [['--curve-allowed-keys', 'allowed'], /--curve-secret-key-file/],
    [['--curve-producer-key', key], /--curve-secret-key-file/],
    [curve, /--curve-allowed-keys/],
    [[...curve, '--curve-producer-key', 'short'], /40 characters/],
    [[...outside, '--bind', 'tcp://0.0.0.0:5412'], /--bind.*--curve-allowed-keys.*--insecure/],
    [[...outside, '--pull', 'tcp://*:5413'], /--pull/],
    [['--pull', 'tcp://127.0.0.1:5413,tcp://192.0.2.1:5413'], /192\.0\.2\.1/],
    [['--connect', 'udp://127.0.0.1:1'], /--connect/],
    [[...curve, '--curve-producer-key', key, '--bind', 'tcp://*:5412'], /--bind/],
    [[...curve, '--curve-allowed-keys', 'allowed', '--connect', 'tcp://192.0.2.1:1'], /--connect/],
    [['--log', 'http://127.0.0.1:4222'], /--log names NATS servers/],
    [['--log', `nats://u:${token}@`], /--log names NATS servers/],
    [['--log', 'nats://127.0.0.1,nats://192.0.2.1'], /192\.0\.2\.1:4222.*--log-creds.*--insecure/],
    [['--log', 'tls://nats.example', '--log-tls-ca', 'ca.pem'], /nats\.example.*--log-creds/],
    [['--log', 'nats://127.0.0.1', '--data-dir', 'data'], /--log and --data-dir/],
    [['--log', 'nats://127.0.0.1', '--log-stream', 'a.b'], /letters, digits/],
    [['--log', 'nats://127.0.0.1', '--log-tls-cert', 'c.pem'], /--log-tls-key/],
    [['--log-creds', 'c.creds'], /--log-creds needs --log/],
  ];
  test.each(cases)('%j', async (args, expected) => {
    const refusal = await refusalOf(args);
    expect(refusal).toMatch(expected);
    expect(refusal).not.toContain(token);
    expect(refusal.split('\n')).toHaveLength(1);
  });
});

describe('--insecure', () => {
  const cases: readonly [readonly string[], readonly RegExp[]][] = [
    [[], []],
    [outside, []],
    [['--host', '0.0.0.0'], [/--host 0\.0\.0\.0 lets other machines read and write/]],
    [
      [
        '--allow-origin',
        '*',
        '--pull',
        'tcp://*:5413,tcp://127.0.0.1:5414',
        '--connect',
        'tcp://192.0.2.1:1',
      ],
      [/--allow-origin \*/, /--pull tcp:\/\/\*:5413/, /--connect tcp:\/\/192\.0\.2\.1:1/],
    ],
  ];
  test.each(cases)('says aloud what it lets pass: %j', async (args, expected) => {
    const warnings = warningsOf(await configOf([...args, '--insecure']));
    expect(warnings).toHaveLength(expected.length);
    for (const [index, warning] of warnings.entries()) expect(warning).toMatch(expected[index]!);
  });
});
