import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { parseTcpAddress } from '../../protocol/bus-address.ts';
import { chooseProducerLink, isThisMachine } from '../../scripts/supervisor/producer-link.mjs';

describe('the built-in producer', () => {
  const off = { connect: '--connect=none', bind: '--bind=none', pull: '--pull=none' };
  const cases: readonly [string, readonly string[], object | null][] = [
    ['binds where the gateway connects by default', [], { flag: '--bind', address: 'tcp://127.0.0.1:5411' }],
    [
      'binds the first address that the gateway connects to',
      ['--connect', 'tcp://127.0.0.1:7000', '--connect', 'tcp://127.0.0.1:7001'],
      { flag: '--bind', address: 'tcp://127.0.0.1:7000' },
    ],
    [
      "leaves another machine's address alone",
      ['--connect', 'tcp://plant.example:5411', '--connect', 'tcp://127.0.0.1:7001'],
      { flag: '--bind', address: 'tcp://127.0.0.1:7001' },
    ],
    [
      'connects to the gateway where that connects to other machines only',
      ['--connect', 'tcp://plant.example:5411'],
      { flag: '--connect', address: 'tcp://127.0.0.1:5412' },
    ],
    [
      'binds an address that is no TCP address',
      ['--connect', 'ipc:///tmp/a'],
      { flag: '--bind', address: 'ipc:///tmp/a' },
    ],
    [
      'connects where the gateway connects to none',
      [off.connect],
      { flag: '--connect', address: 'tcp://127.0.0.1:5412' },
    ],
    [
      'connects by loopback where the gateway binds every interface',
      [off.connect, '--bind', 'tcp://0.0.0.0:7002'],
      { flag: '--connect', address: 'tcp://127.0.0.1:7002' },
    ],
    [
      'connects by loopback where the gateway binds every IPv6 interface',
      [off.connect, '--bind', 'tcp://[::]:7002'],
      { flag: '--connect', address: 'tcp://[::1]:7002' },
    ],
    [
      'pushes where the gateway neither connects nor binds',
      [off.connect, off.bind],
      { flag: '--push', address: 'tcp://127.0.0.1:5413' },
    ],
    [
      'pushes past a port that only the gateway knows',
      [off.connect, '--bind', 'tcp://127.0.0.1:0', '--pull', 'tcp://*:7003'],
      { flag: '--push', address: 'tcp://127.0.0.1:7003' },
    ],
    [
      'keeps to the socket that is plain where those that bind want keys',
      ['--curve-secret-key-file', 'g.key', '--curve-allowed-keys', 'allowed'],
      { flag: '--bind', address: 'tcp://127.0.0.1:5411' },
    ],
    [
      'connects where the gateway wants the key of those it connects to',
      ['--curve-secret-key-file', 'g.key', '--curve-producer-key', 'k'],
      { flag: '--connect', address: 'tcp://127.0.0.1:5412' },
    ],
    [
      'is not started where every socket wants keys',
      ['--curve-secret-key-file=g.key', '--curve-producer-key=k', '--curve-allowed-keys=allowed'],
      null,
    ],
    ['is not started where all sockets are off', Object.values(off), null],
  ];

  it.each(cases)('%s', (_title, args, expected) => {
    expect(chooseProducerLink({ args, env: {}, parseTcpAddress })).toEqual(expected);
  });

  it('follows the environment as the gateway does', () => {
    const env = { TABLECAST_CONNECT: 'none', TABLECAST_BIND: 'tcp://127.0.0.1:7004' };
    expect(chooseProducerLink({ args: [], env, parseTcpAddress })).toEqual({
      flag: '--connect',
      address: 'tcp://127.0.0.1:7004',
    });
  });
});

describe('this machine', () => {
  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '[::1]', hostname()])('is %s', (host) => {
    expect(isThisMachine(host)).toBe(true);
  });

  it.each(['192.0.2.1', 'plant.example', '[2001:db8::1]'])('is not %s', (host) => {
    expect(isThisMachine(host)).toBe(false);
  });
});
