import { describe, expect, it } from 'vitest';
import type { Since } from '../../protocol/client-message.ts';
import { Connection, type ConnectionState, type SocketLike } from '../../ui/connection.ts';
import { createFakeClock } from './fake-clock.ts';

interface FakeEvent {
  readonly data: unknown;
  readonly code: number;
  readonly reason: string;
}
const NO_CLOSE = { code: 0, reason: '' };

class FakeSocket implements SocketLike {
  binaryType = 'blob';
  readonly sent: unknown[] = [];
  isClosed = false;
  readonly #listeners = new Map<string, (event: FakeEvent) => void>();

  addEventListener(type: string, listener: (event: FakeEvent) => void): void {
    this.#listeners.set(type, listener);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.isClosed = true;
  }
  say(message: object): void {
    this.#listeners.get('message')?.({ ...NO_CLOSE, data: JSON.stringify(message) });
  }
  sayRaw(data: unknown): void {
    this.#listeners.get('message')?.({ ...NO_CLOSE, data });
  }
  drop(code = 1006, reason = ''): void {
    this.#listeners.get('close')?.({ data: null, code, reason });
  }
}

const HELLO = { type: 'hello', epoch: 'e', version: 3 };
const HEARTBEAT = { type: 'heartbeat', version: 3 };

function connect(overrides: { random?: () => number; resume?: Since | null; isVisible?: boolean } = {}) {
  const clock = createFakeClock();
  const sockets: FakeSocket[] = [];
  const states: ConnectionState[] = [];
  const messages: string[] = [];
  const binaries: Uint8Array[] = [];
  const connection = new Connection({
    url: 'ws://host/live',
    createSocket: (url, subprotocol) => {
      expect([url, subprotocol]).toEqual(['ws://host/live', 'tablecast.v1']);
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    clock,
    random: overrides.random ?? (() => 0.5),
    tables: '*',
    isVisible: () => overrides.isVisible ?? true,
    resumeAt: () => overrides.resume ?? null,
    onMessage: (message) => messages.push(message.type),
    onBinary: (bytes) => binaries.push(bytes),
    onState: (state) => states.push(state),
  });
  return { clock, sockets, states, messages, binaries, connection };
}

describe('a connection', () => {
  it('subscribes to all tables as a viewer that draws, once the gateway says hello', () => {
    const { sockets, states, connection } = connect();
    expect(connection.state).toBe('connecting');
    sockets[0]!.say(HELLO);
    expect(sockets[0]!.sent).toEqual([{ type: 'subscribe', tables: '*', renders: true }]);
    expect(states).toEqual(['live']);
  });

  it('resumes where the replica stands', () => {
    const { sockets } = connect({ resume: { epoch: 'e', version: 2 } });
    sockets[0]!.say(HELLO);
    expect(sockets[0]!.sent).toEqual([
      { type: 'subscribe', tables: '*', renders: true, since: { epoch: 'e', version: 2 } },
    ]);
  });

  it('says that it is hidden before it subscribes', () => {
    const { sockets } = connect({ isVisible: false });
    sockets[0]!.say(HELLO);
    expect(sockets[0]!.sent[0]).toEqual({ type: 'visibility', visible: false });
  });

  it('hands on messages and bytes in their order', () => {
    const { sockets, messages, binaries } = connect();
    sockets[0]!.say(HELLO);
    sockets[0]!.sayRaw(new Uint8Array([1, 2]).buffer);
    expect(messages).toEqual(['hello']);
    expect(binaries).toEqual([new Uint8Array([1, 2])]);
    expect(sockets[0]!.binaryType).toBe('arraybuffer');
  });

  it('doubles its delays from 100 ms up to 5 s while nobody answers', () => {
    const { clock, sockets } = connect({ random: () => 0.999_999 });
    for (const delayMs of [100, 200, 400, 800, 1600, 3200, 5000, 5000]) {
      const count = sockets.length;
      sockets.at(-1)!.drop();
      clock.advance(delayMs - 1);
      expect(sockets.length).toBe(count);
      clock.advance(1);
      expect(sockets.length).toBe(count + 1);
    }
  });

  it('waits at least half of each delay, however the dice fall', () => {
    const { clock, sockets } = connect({ random: () => 0 });
    sockets[0]!.drop();
    clock.advance(49);
    expect(sockets.length).toBe(1);
    clock.advance(1);
    expect(sockets.length).toBe(2);
  });

  it('starts again from the first delay after a line that held, and not after one that broke at once', () => {
    const { clock, sockets } = connect({ random: () => 0.999_999 });
    sockets[0]!.drop();
    clock.advance(100);
    sockets[1]!.say(HELLO);
    sockets[1]!.drop();
    clock.advance(199);
    expect(sockets.length).toBe(2);
    clock.advance(1);
    sockets[2]!.say(HELLO);
    for (let second = 0; second < 6; second++) {
      clock.advance(1000);
      sockets[2]!.say(HEARTBEAT);
    }
    sockets[2]!.drop();
    clock.advance(100);
    expect(sockets.length).toBe(4);
  });

  it.each([
    ['what a gateway that stops asks for', 1012, 'retry_after_ms=1234', 1234],
    ['half a minute at most', 1012, 'retry_after_ms=99999', 30_000],
    ['nothing where the close says something else', 1012, 'retry_after_ms=-5', 0],
    ['nothing where it does not stop', 1011, 'retry_after_ms=1234', 0],
  ])('waits before its back-off: %s', (_, code, reason, waitMs) => {
    const { clock, sockets } = connect({ random: () => 0 });
    sockets[0]!.say(HELLO);
    sockets[0]!.drop(code, reason);
    clock.advance(waitMs + 49);
    expect(sockets).toHaveLength(1);
    clock.advance(1);
    expect(sockets).toHaveLength(2);
  });

  it('takes a line that says nothing for 3.5 s for dead', () => {
    const { clock, sockets, states } = connect();
    sockets[0]!.say(HELLO);
    clock.advance(3000);
    sockets[0]!.say(HEARTBEAT);
    clock.advance(3499);
    expect(states).toEqual(['live']);
    clock.advance(1);
    expect(states).toEqual(['live', 'reconnecting']);
    expect(sockets[0]!.isClosed).toBe(true);
    clock.advance(100);
    sockets[1]!.say(HELLO);
    expect(states).toEqual(['live', 'reconnecting', 'live']);
  });

  it('takes no line for dead because the program itself stood still, for what came meanwhile is yet to be read', () => {
    const { clock, sockets, states } = connect();
    sockets[0]!.say(HELLO);
    clock.advance(1000);
    clock.standStill(10_000);
    clock.advance(0);
    sockets[0]!.say(HEARTBEAT);
    clock.advance(3499);
    expect(states).toEqual(['live']);
    clock.advance(1);
    expect(states).toEqual(['live', 'reconnecting']);
  });

  it('gives up a line that speaks another language', () => {
    const { sockets, states } = connect();
    sockets[0]!.say(HELLO);
    sockets[0]!.say({ type: 'surprise' });
    expect(states).toEqual(['live', 'reconnecting']);
  });

  it('hears nothing more from a line that it gave up', () => {
    const { sockets, messages, connection } = connect();
    sockets[0]!.say(HELLO);
    connection.restart();
    sockets[0]!.say(HEARTBEAT);
    expect(messages).toEqual(['hello']);
  });

  it('drops what it is told to send while there is no line', () => {
    const { sockets, connection } = connect();
    connection.send({ type: 'rendered', version: 1 });
    expect(sockets[0]!.sent).toEqual([]);
  });

  it('tries at once when told that it is worth it', () => {
    const { sockets, connection } = connect();
    connection.retryNow();
    expect(sockets.length).toBe(1);
    sockets[0]!.drop();
    connection.retryNow();
    expect(sockets.length).toBe(2);
  });

  it('stays closed once closed, however often', () => {
    const { clock, sockets, connection } = connect();
    sockets[0]!.say(HELLO);
    connection.close();
    connection.close();
    connection.restart();
    connection.retryNow();
    clock.advance(60_000);
    expect(sockets.length).toBe(1);
    expect(sockets[0]!.isClosed).toBe(true);
  });
});
