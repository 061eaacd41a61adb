import { describe, expect, it } from 'vitest';
import type { ServerMessage } from '../../../protocol/server-message.ts';
import { CommitGate, type HeldCommit } from '../../../ui/shell/commit-gate.ts';

const HEARTBEAT: ServerMessage = { type: 'heartbeat', version: 9 };

function commit(version: number, changes: number): ServerMessage {
  const change = { table: 't', op: 'append', rows: 2, snapshot: false } as const;
  return { type: 'commit', epoch: 'e', version, changes: Array.from({ length: changes }, () => change) };
}

function createGate(maxHeldBytes = 1e6) {
  /** Versions, `h` for heartbeats, sizes of payloads as `b5`. */
  const passed: string[] = [];
  const held: HeldCommit[] = [];
  const gate = new CommitGate({
    onMessage: (message) => passed.push(message.type === 'commit' ? `v${message.version}` : 'h'),
    onBinary: (bytes) => passed.push(`b${bytes.length}`),
    onHeld: (one) => held.push(one),
    maxHeldBytes,
  });
  const send = (version: number, ...sizes: number[]) => {
    gate.message(commit(version, sizes.length));
    for (const size of sizes) gate.binary(new Uint8Array(size));
  };
  return { gate, passed, held, send };
}

describe('the commit gate', () => {
  it('passes commits on once they are whole, and what comes between at once', () => {
    const { gate, passed } = createGate();
    gate.message(commit(1, 2));
    gate.binary(new Uint8Array(3));
    gate.message(HEARTBEAT);
    expect(passed).toEqual(['h']);
    gate.binary(new Uint8Array(4));
    expect(passed).toEqual(['h', 'v1', 'b3', 'b4']);
  });

  it('holds whole commits back, tells of them, and passes them on in order', () => {
    const { gate, passed, held, send } = createGate();
    send(1, 5);
    gate.message(commit(2, 1));
    gate.hold();
    gate.binary(new Uint8Array(6));
    send(3);
    gate.message(HEARTBEAT);
    expect(passed).toEqual(['v1', 'b5', 'h']);
    expect(held.map(({ version, isAnswer }) => [version, isAnswer])).toEqual([
      [2, false],
      [3, false],
    ]);
    expect(held[0]?.changed).toEqual(new Map([['t', 2]]));
    expect(gate.release()).toBe('passed');
    expect(passed).toEqual(['v1', 'b5', 'h', 'v2', 'b6', 'v3']);
    send(4, 1);
    expect(passed.slice(-2)).toEqual(['v4', 'b1']);
  });

  it('passes snapshots on as they come, and holds those back that begin while it holds', () => {
    const { gate, passed, held } = createGate();
    const snapshot = (version: number): ServerMessage => ({
      type: 'commit',
      epoch: 'e',
      version,
      changes: [
        { table: 't', op: 'replace', rows: 2, snapshot: true },
        { table: 't', op: 'append', rows: 2, snapshot: false },
      ],
    });
    gate.message(snapshot(1));
    gate.binary(new Uint8Array(1));
    expect(passed).toEqual(['v1', 'b1']);
    gate.hold();
    gate.binary(new Uint8Array(2));
    gate.message(snapshot(2));
    gate.binary(new Uint8Array(3));
    expect([passed, held.length]).toEqual([['v1', 'b1', 'b2'], 0]);
    gate.binary(new Uint8Array(4));
    expect(held.map(({ isAnswer }) => isAnswer)).toEqual([false]);
    gate.release();
    expect(passed.slice(3)).toEqual(['v2', 'b3', 'b4']);
  });

  it('lets nothing more of a snapshot through that the replica could not take', () => {
    const { gate, passed } = createGate();
    const changes = Array.from(
      { length: 3 },
      () => ({ table: 't', op: 'append', rows: 2, snapshot: true }) as const,
    );
    gate.message({ type: 'commit', epoch: 'e', version: 1, changes });
    gate.binary(new Uint8Array(1));
    gate.abandon();
    gate.binary(new Uint8Array(2));
    gate.newLine();
    gate.message(commit(5, 0));
    expect(passed).toEqual(['v1', 'b1', 'v5']);
  });

  it('forgets everything where it is too much, goes on telling, and says that it is lost', () => {
    const { gate, passed, held, send } = createGate(2000);
    gate.hold();
    send(1, 1500);
    send(2, 1500);
    send(3, 10);
    expect(held.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(gate.release()).toBe('lost');
    send(4, 1);
    expect(passed).toEqual([]);
    gate.newLine();
    send(5, 1);
    expect(passed).toEqual(['v5', 'b1']);
  });

  it('counts commits without data too', () => {
    const { gate, send } = createGate(2000);
    gate.hold();
    for (let version = 1; version < 20; version++) send(version);
    expect(gate.release()).toBe('lost');
  });

  it('begins a new line with nothing held, and its first commit is the answer', () => {
    const { gate, passed, held, send } = createGate();
    gate.hold();
    send(1, 5);
    gate.message(commit(2, 1));
    gate.newLine();
    send(7, 6);
    expect(held.map(({ version, isAnswer }) => [version, isAnswer])).toEqual([
      [1, true],
      [7, true],
    ]);
    gate.release();
    expect(passed).toEqual(['v7', 'b6']);
  });

  it('passes nothing more where the replica could not follow, until a new line', () => {
    const { gate, passed, send } = createGate();
    gate.hold();
    send(1, 1);
    send(2, 1);
    gate.abandon();
    gate.release();
    send(3, 1);
    expect(passed).toEqual([]);
    gate.newLine();
    send(4, 1);
    expect(passed).toEqual(['v4', 'b1']);
  });

  it('leaves it to the replica to complain of data without a commit, and of a commit within one', () => {
    const { gate, passed } = createGate();
    gate.binary(new Uint8Array(2));
    gate.message(commit(1, 1));
    gate.message(commit(2, 0));
    expect(passed).toEqual(['b2', 'v1', 'v2']);
  });
});
