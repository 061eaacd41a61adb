import { describe, expect, it } from 'vitest';
import type { ClientMessage } from '../../../protocol/client-message.ts';
import { ShownTables } from '../../../ui/shell/shown-tables.ts';

const MIB = 1024 * 1024;
const SINCE = { epoch: 'e', version: 1 };

/** A page on a live line whose gateway brings what it is asked for when it is told to. */
function createPage() {
  const tables = new Map<string, { contentBytes: number }>();
  const told = new Map<string, number>();
  const sent: ClientMessage[] = [];
  const deferred: (() => void)[] = [];
  const shown = new ShownTables({
    tables,
    bytesOf: (table) => told.get(table) ?? 0,
    send: (message) => sent.push(message),
    forget: (table) => tables.delete(table),
    onChange: () => {},
    defer: (callback) => deferred.push(callback),
  });
  function settle(): void {
    for (const callback of deferred.splice(0)) callback();
  }
  function comes(table: string, contentBytes = 100): void {
    tables.set(table, { contentBytes });
    shown.commit({ isAnswer: false });
  }
  /** What was sent since the last call, as `+table` and `-table`. */
  function said(): string[] {
    return sent
      .splice(0)
      .flatMap((message) =>
        message.type === 'subscribe' || message.type === 'unsubscribe'
          ? [...message.tables].map((name) => (message.type === 'subscribe' ? `+${name}` : `-${name}`))
          : [],
      );
  }
  function lineUp(since: typeof SINCE | null): void {
    shown.lineBegins(since);
    shown.lineIsUp();
  }
  /** The viewer goes on to another table, which comes. */
  function visit(table: string, contentBytes?: number): void {
    leave();
    leave = shown.show(table);
    settle();
    if (!tables.has(table)) comes(table, contentBytes);
  }
  let leave = (): void => {};
  return { shown, tables, told, settle, comes, said, lineUp, visit };
}

describe('the tables that the page’s line brings', () => {
  it('are those on screen, asked for together', () => {
    const { shown, settle, said, lineUp } = createPage();
    lineUp(null);
    expect(shown.greeting).toEqual([]);
    shown.show('a');
    shown.show('b');
    shown.show('a');
    settle();
    expect(said()).toEqual(['+a', '+b']);
    expect([shown.has('a'), shown.has('c')]).toEqual([true, false]);
  });

  it('keep a table that several parts show until the last of them is gone', () => {
    const { shown, settle, comes, said, lineUp } = createPage();
    lineUp(null);
    const [first, second] = [shown.show('large'), shown.show('large')];
    settle();
    comes('large', 65 * MIB);
    first();
    first();
    settle();
    expect(said()).toEqual(['+large']);
    second();
    settle();
    expect(said()).toEqual(['-large']);
  });

  it('stay for a while when they are left, so that going back asks for nothing', () => {
    const { tables, said, lineUp, visit } = createPage();
    lineUp(null);
    for (const name of ['a', 'b', 'a', 'b']) visit(name);
    expect(said()).toEqual(['+a', '+b']);
    expect([...tables.keys()]).toEqual(['a', 'b']);
  });

  it.each([
    ['more than eight', Array.from({ length: 10 }, (_, i) => [`t${i}`, 1] as const), ['t0']],
    [
      'more than 64 MB together',
      [
        ['x', 40 * MIB],
        ['y', 20 * MIB],
        ['z', 30 * MIB],
        ['end', 1],
      ] as const,
      ['x'],
    ],
    [
      'one that is larger than all may be, which goes alone',
      [
        ['x', 1],
        ['huge', 65 * MIB],
        ['end', 1],
      ] as const,
      ['huge'],
    ],
  ])(
    'are unsubscribed and forgotten, the one shown longest ago first, where they are %s',
    (_, visits, gone) => {
      const { tables, said, lineUp, visit } = createPage();
      lineUp(null);
      for (const [name, bytes] of visits) visit(name, bytes);
      expect(said().filter((word) => word.startsWith('-'))).toEqual(gone.map((name) => `-${name}`));
      expect(gone.filter((name) => tables.has(name))).toEqual([]);
    },
  );

  it('leave one that never came and is told to be large at once', () => {
    const { shown, told, settle, said, lineUp } = createPage();
    lineUp(null);
    told.set('large', 100 * MIB);
    const leave = shown.show('large');
    settle();
    leave();
    settle();
    expect(said()).toEqual(['+large', '-large']);
    expect([shown.has('large'), shown.awaited.peek().size]).toEqual([false, 0]);
  });

  it('are forgotten too when they grow past their bound after they were left', () => {
    const { shown, tables, settle, said, lineUp, visit } = createPage();
    lineUp(null);
    for (const name of ['a', 'b']) visit(name);
    tables.set('a', { contentBytes: 65 * MIB });
    shown.noteList(() => true);
    settle();
    expect(said()).toEqual(['+a', '+b', '-a']);
  });

  it('resume where the replica has them, and are asked for whole where it has not', () => {
    const { shown, settle, comes, said, lineUp } = createPage();
    lineUp(null);
    shown.show('a');
    shown.show('later');
    settle();
    comes('a');
    said();
    shown.lineIsDown();
    shown.show('new');
    settle();
    expect(said()).toEqual([]);
    lineUp(SINCE);
    expect(shown.greeting).toEqual(['a']);
    expect(said()).toEqual(['+later', '+new']);
    lineUp(null);
    expect(shown.greeting).toEqual(['a', 'later', 'new']);
    expect(said()).toEqual([]);
  });
});

describe('what is on screen is complete', () => {
  it('once each table has come', () => {
    const { shown, settle, comes, lineUp } = createPage();
    lineUp(null);
    shown.show('a');
    expect(shown.isComplete).toBe(false);
    settle();
    shown.commit({ isAnswer: false });
    expect(shown.isComplete).toBe(false);
    comes('a');
    expect(shown.isComplete).toBe(true);
  });

  it('once the line’s first answer has brought what there is', () => {
    const { shown, settle, lineUp } = createPage();
    shown.show('nowhere');
    settle();
    lineUp(null);
    expect(shown.isComplete).toBe(false);
    shown.show('later');
    settle();
    shown.commit({ isAnswer: true });
    expect([...shown.awaited.peek()]).toEqual(['later']);
  });

  it('once the gateway lists no such table', () => {
    const { shown, settle, lineUp } = createPage();
    lineUp(null);
    shown.show('nowhere');
    settle();
    shown.noteList((name) => name === 'nowhere');
    expect(shown.isComplete).toBe(false);
    shown.noteList(() => false);
    expect(shown.isComplete).toBe(true);
  });

  it('whatever tables are awaited that were left', () => {
    const { shown, settle, lineUp } = createPage();
    lineUp(null);
    const leave = shown.show('slow');
    settle();
    leave();
    settle();
    expect([shown.isComplete, [...shown.awaited.peek()]]).toEqual([true, ['slow']]);
    shown.show('slow');
    expect(shown.isComplete).toBe(false);
  });

  it('are not asked for while they are held, by any, and keep being awaited', () => {
    const { shown, settle, said, lineUp } = createPage();
    shown.show('a');
    shown.show('b');
    const releases = [shown.hold('a'), shown.hold('a')];
    settle();
    lineUp(null);
    expect(shown.greeting).toEqual(['b']);
    expect(said()).toEqual([]);
    releases[0]?.();
    releases[0]?.();
    settle();
    expect(said()).toEqual([]);
    shown.commit({ isAnswer: true });
    expect([...shown.awaited.value]).toEqual(['a']);
    releases[1]?.();
    settle();
    expect(said()).toEqual(['+a']);
  });

  it('are not asked for once more where they are held later', () => {
    const { shown, settle, said, lineUp } = createPage();
    shown.show('a');
    settle();
    lineUp(null);
    shown.hold('a')();
    settle();
    expect(said()).toEqual([]);
  });
});
