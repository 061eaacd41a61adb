import { describe, expect, test } from 'vitest';
import { publishLines } from '../../../ui/shell/publish-lines.ts';

const HERE = 'http://127.0.0.1:9000/base/';
const THERE = 'https://tables.example:8443/';

describe('the lines that make a first table', () => {
  test.each([
    ['the gateway listens on this machine', ['tcp://127.0.0.1:6000'], HERE, 'tcp://127.0.0.1:6000'],
    ['it listens on every address', ['tcp://*:6000'], THERE, 'tcp://tables.example:6000'],
    ['it listens on every IPv4 address', ['tcp://0.0.0.0:6000'], THERE, 'tcp://tables.example:6000'],
    ['it names an address', ['tcp://192.0.2.1:6000'], THERE, 'tcp://192.0.2.1:6000'],
    ['only the second one reaches', ['tcp://127.0.0.1:1', 'tcp://*:2'], THERE, 'tcp://tables.example:2'],
  ])('push where %s', (_, pull, baseUrl, address) => {
    const { code, packages } = publishLines({ pull, curve: false }, baseUrl);
    expect(code).toContain(`push.connect("${address}")`);
    expect(packages).toBe('pyzmq pyarrow');
    expect(code.split('\n')).toHaveLength(5);
  });

  test.each([
    ['nothing is known', null, HERE],
    ['there is no such socket', { pull: [], curve: false }, HERE],
    ['the socket wants keys', { pull: ['tcp://127.0.0.1:1'], curve: true }, HERE],
    ['its port is any', { pull: ['tcp://127.0.0.1:*', 'tcp://127.0.0.1:0'], curve: false }, HERE],
    ['it is no TCP socket', { pull: ['ipc:///tmp/x'], curve: false }, HERE],
    ['only its own machine reaches it', { pull: ['tcp://127.0.0.1:1'], curve: false }, THERE],
  ])('post where %s', (_, bus, baseUrl) => {
    const { code, packages } = publishLines(bus, baseUrl);
    expect(code).toContain(`"${baseUrl}tables/weather"`);
    expect(packages).toBe('pyarrow');
    expect(code.split('\n')).toHaveLength(5);
  });
});
