import { describe, expect, it } from 'vitest';
import {
  asksForInformation,
  gatewayAddresses,
  withoutSecrets,
} from '../../scripts/supervisor/gateway-flags.mjs';

const defaultAddress = 'tcp://127.0.0.1:5411';

describe('the addresses of a gateway socket', () => {
  const cases: readonly [string, readonly string[], Record<string, string>, readonly string[]][] = [
    ['are the default without a flag', ['--port', '9000'], {}, [defaultAddress]],
    ['are those of the flag', ['--connect', 'tcp://a:1'], {}, ['tcp://a:1']],
    ['are those of the flag with an equals sign', ['--connect=tcp://a:1'], {}, ['tcp://a:1']],
    [
      'are all of a repeated flag',
      ['--connect', 'tcp://a:1', '--connect=tcp://b:2'],
      {},
      ['tcp://a:1', 'tcp://b:2'],
    ],
    [
      'are those of the environment',
      [],
      { TABLECAST_CONNECT: 'tcp://a:1, tcp://b:2' },
      ['tcp://a:1', 'tcp://b:2'],
    ],
    [
      'are the flag before the environment',
      ['--connect', 'tcp://a:1'],
      { TABLECAST_CONNECT: 'none' },
      ['tcp://a:1'],
    ],
    ['are the default where the environment is empty', [], { TABLECAST_CONNECT: '' }, [defaultAddress]],
    ['are none where the flag says none', ['--connect', 'none'], {}, []],
    ['are none where the environment says none', [], { TABLECAST_CONNECT: 'none' }, []],
    ['are the default where the flag has no value', ['--connect'], {}, [defaultAddress]],
    [
      'are not those of another flag',
      ['--bind', 'tcp://a:1'],
      { TABLECAST_BIND: 'tcp://b:2' },
      [defaultAddress],
    ],
  ];

  it.each(cases)('%s', (_title, args, env, expected) => {
    expect(gatewayAddresses({ name: 'connect', args, env, defaultAddress })).toEqual(expected);
  });
});

describe('asking for information', () => {
  it.each(['--help', '-h', '--version', '-V'])('%s starts no producer', (flag) => {
    expect(asksForInformation(['--port', '0', flag])).toBe(true);
  });

  it('is not what other flags do', () => {
    expect(asksForInformation(['--port', '9000', '--commit', 'hold'])).toBe(false);
  });
});

describe('tokens', () => {
  const cases: readonly [string, readonly string[], readonly string[], Record<string, string>][] = [
    [
      'go from the arguments into the environment',
      ['--port', '0', '--write-token', 'w', '--view-token=v=v', '--commit', 'hold'],
      ['--port', '0', '--commit', 'hold'],
      { TABLECAST_WRITE_TOKEN: 'w', TABLECAST_VIEW_TOKEN: 'v=v', HOME: '/' },
    ],
    [
      'win there over what is in it',
      ['--view-token', 'flag'],
      [],
      { TABLECAST_VIEW_TOKEN: 'flag', HOME: '/' },
    ],
    [
      'that are missing are left to the gateway to complain of',
      ['--write-token'],
      ['--write-token'],
      { HOME: '/' },
    ],
    ['are no other arguments', ['--port', '9000'], ['--port', '9000'], { HOME: '/' }],
  ];

  it.each(cases)('%s', (_title, args, rest, env) => {
    const given = { HOME: '/', ...(rest.length === 0 ? { TABLECAST_VIEW_TOKEN: 'environment' } : {}) };
    expect(withoutSecrets(args, given)).toEqual({ args: rest, env });
  });
});
