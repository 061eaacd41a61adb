import { describe, expect, it } from 'vitest';
import type { ChangeHeader, ServerMessage } from '../../protocol/server-message.ts';
import { Replica, type ReplicaCommit } from '../../ui/replica.ts';

type FakeTable = number[];

function append(table: string, extra: { snapshot?: boolean; drop_first?: number } = {}): ChangeHeader {
  return { table, op: 'append', rows: 1, snapshot: false, ...extra };
}

function commit(version: number, changes: ChangeHeader[], epoch = 'e'): ServerMessage {
  return { type: 'commit', epoch, version, changes };
}

const bytes = (value: number) => new Uint8Array([value]);

/** A change appends its one byte; a byte of 255 cannot be applied. */
function createReplica() {
  const commits: ReplicaCommit[] = [];
  const faults: unknown[] = [];
  const listenerErrors: unknown[] = [];
  const replica = new Replica<FakeTable>({
    applyChange(tables, change, ipc) {
      if (change.op === 'drop') return void tables.delete(change.table);
      if (ipc?.[0] === 255) throw new Error('not applicable');
      const rows = change.snapshot ? [] : (tables.get(change.table) ?? []);
      tables.set(change.table, [...rows, ipc?.[0] ?? -1]);
    },
    nowMs: () => 0,
    onFault: (error) => faults.push(error),
    onListenerError: (error) => listenerErrors.push(error),
  });
  replica.onCommit((done) => commits.push(done));
  return { replica, commits, faults, listenerErrors };
}

describe('a replica', () => {
  it('tells of a commit once, when all of its changes are there, heartbeats between them or not', () => {
    const { replica, commits } = createReplica();
    replica.resumeAt('e');
    replica.message(commit(1, [append('a'), append('b')]));
    replica.binary(bytes(1));
    replica.message({ type: 'heartbeat', version: 0 });
    expect(commits).toEqual([]);
    expect(replica.tables.size).toBe(0);
    replica.binary(bytes(2));
    expect(commits.length).toBe(1);
    expect([...commits[0]!.changed.keys()]).toEqual(['a', 'b']);
    expect(replica.tables.get('b')).toEqual([2]);
    expect(replica.position).toEqual({ epoch: 'e', version: 1 });
  });

  it('shows a snapshot that comes in parts with its commit, and the table before until then', () => {
    const { replica, commits, faults } = createReplica();
    replica.message(commit(1, [append('a')]));
    replica.binary(bytes(1));
    const snapshot = [append('a', { snapshot: true }), append('a'), append('b'), append('a')];
    replica.message(commit(2, snapshot));
    for (const value of [2, 3, 4]) {
      replica.binary(bytes(value));
      expect([...replica.tables]).toEqual([['a', [1]]]);
    }
    replica.binary(bytes(5));
    expect(Object.fromEntries(replica.tables)).toEqual({ a: [2, 3, 5], b: [4] });
    expect(commits.at(-1)!.changed).toEqual(
      new Map([
        ['a', 3],
        ['b', 1],
      ]),
    );
    expect(faults).toEqual([]);
  });

  const DROP: ChangeHeader = { table: 'a', op: 'drop', rows: 0, snapshot: false };
  const SNAPSHOT = append('a', { snapshot: true });
  it.each<[string, ChangeHeader[], number[] | undefined]>([
    ['that was dropped before it', [DROP, SNAPSHOT], [1]],
    ['that is dropped after it', [SNAPSHOT, append('a'), DROP], undefined],
    ['that had rows added before it', [append('a'), SNAPSHOT], [2]],
    ['that begins anew twice', [SNAPSHOT, append('a'), SNAPSHOT], [3]],
  ])('takes the snapshot of a table %s', (_, changes, rows) => {
    const { replica } = createReplica();
    replica.message(commit(1, changes));
    let value = 1;
    for (const { op } of changes) if (op !== 'drop') replica.binary(bytes(value++));
    expect(replica.position?.version).toBe(1);
    expect(replica.tables.get('a')).toEqual(rows);
  });

  it('leaves out a snapshot that nobody wants any more when it is whole', () => {
    const { replica } = createReplica();
    replica.message(commit(1, [append('a', { snapshot: true }), append('b')]));
    replica.binary(bytes(1));
    replica.forget('a');
    replica.binary(bytes(2));
    expect([...replica.tables.keys()]).toEqual(['b']);
  });

  it('is empty where a part of a snapshot cannot be applied, and waits for nothing more of it', () => {
    const { replica, faults } = createReplica();
    replica.message(commit(1, [append('a', { snapshot: true }), append('a'), append('a')]));
    replica.binary(bytes(1));
    replica.binary(bytes(255));
    expect([replica.tables.size, replica.position, faults.length]).toEqual([0, null, 1]);
    replica.resumeAt('e');
    replica.message(commit(2, [append('a', { snapshot: true })]));
    replica.binary(bytes(7));
    expect(replica.tables.get('a')).toEqual([7]);
  });

  it('awaits no data for a drop, nor for a bare notification', () => {
    const { replica, commits } = createReplica();
    replica.message(commit(1, [append('a')]));
    replica.binary(bytes(1));
    replica.message(commit(2, [{ table: 'a', op: 'drop', rows: 0, snapshot: false }]));
    replica.message(commit(3, []));
    expect(commits.map((done) => done.version)).toEqual([1, 2, 3]);
    expect(replica.tables.size).toBe(0);
  });

  it('tells which commit answers a subscription', () => {
    const { replica, commits } = createReplica();
    replica.resumeAt('e');
    replica.message(commit(1, []));
    replica.message(commit(2, []));
    replica.resumeAt('e');
    replica.message(commit(3, []));
    expect(commits.map((done) => done.isAnswer)).toEqual([true, false, true]);
  });

  it('resumes within an epoch, and begins anew in another, keeping the old tables until the new ones are whole', () => {
    const { replica, commits } = createReplica();
    expect(replica.resumeAt('e')).toBeNull();
    replica.message(commit(4, [append('old', { snapshot: true })]));
    replica.binary(bytes(1));
    expect(replica.resumeAt('e')).toEqual({ epoch: 'e', version: 4 });
    expect(replica.resumeAt('f')).toBeNull();
    replica.message(commit(1, [append('new', { snapshot: true })], 'f'));
    expect([...replica.tables.keys()]).toEqual(['old']);
    replica.binary(bytes(2));
    expect([...replica.tables.keys()]).toEqual(['new']);
    expect([...commits.at(-1)!.changed.keys()]).toEqual(['old', 'new']);
  });

  it('resumes from its last whole commit, bare notifications and empty answers included', () => {
    const { replica } = createReplica();
    replica.resumeAt('e');
    replica.message(commit(4, [append('a', { snapshot: true })]));
    replica.binary(bytes(1));
    replica.message(commit(5, []));
    expect(replica.resumeAt('e')).toEqual({ epoch: 'e', version: 5 });
    // This line broke before its answer was whole.
    replica.message(commit(8, [append('a')]));
    expect(replica.resumeAt('e')).toEqual({ epoch: 'e', version: 5 });
    replica.message(commit(9, []));
    expect(replica.resumeAt('e')).toEqual({ epoch: 'e', version: 9 });
    replica.resumeAt('f');
    replica.message(commit(1, [], 'f'));
    expect(replica.resumeAt('f')).toEqual({ epoch: 'f', version: 1 });
  });

  it('forgets half a commit when its line is lost', () => {
    const { replica, commits, faults } = createReplica();
    replica.message(commit(1, [append('a'), append('b')]));
    replica.binary(bytes(1));
    replica.resumeAt('e');
    replica.message(commit(2, [append('a')]));
    replica.binary(bytes(7));
    expect(faults).toEqual([]);
    expect(commits.map((done) => done.version)).toEqual([2]);
    expect(replica.tables.get('a')).toEqual([7]);
  });

  it('empties itself and asks to begin anew where a change cannot be applied', () => {
    const { replica, commits, faults } = createReplica();
    replica.message(commit(1, [append('a')]));
    replica.binary(bytes(1));
    replica.message(commit(2, [append('a'), append('b')]));
    replica.binary(bytes(2));
    replica.binary(bytes(255));
    expect(faults.length).toBe(1);
    expect(commits.length).toBe(1);
    expect(replica.tables.size).toBe(0);
    expect(replica.resumeAt('e')).toBeNull();
  });

  it('begins anew where data comes unannounced or commits overlap', () => {
    const first = createReplica();
    first.replica.binary(bytes(1));
    expect(first.faults.length).toBe(1);
    const second = createReplica();
    second.replica.message(commit(1, [append('a')]));
    second.replica.message(commit(2, []));
    expect(second.faults.length).toBe(1);
  });

  it('adds up the rows that retention took from the front, from the last snapshot on', () => {
    const { replica, commits } = createReplica();
    replica.message(
      commit(1, [
        append('a', { drop_first: 9 }),
        append('a', { snapshot: true }),
        append('a', { drop_first: 2 }),
        append('a', { drop_first: 3 }),
      ]),
    );
    for (let i = 0; i < 4; i++) replica.binary(bytes(i));
    expect(commits[0]!.droppedFirst).toEqual(new Map([['a', 5]]));
    expect(commits[0]!.changed).toEqual(new Map([['a', 4]]));
  });

  it('tells its other listeners though one throws', () => {
    const { replica, commits, listenerErrors, faults } = createReplica();
    const told: number[] = [];
    replica.onCommit(() => {
      throw new Error('mine');
    });
    const stop = replica.onCommit((done) => told.push(done.version));
    replica.message(commit(1, []));
    stop();
    replica.message(commit(2, []));
    expect(told).toEqual([1]);
    expect(commits.length).toBe(2);
    expect(listenerErrors.length).toBe(2);
    expect(faults).toEqual([]);
  });
});
