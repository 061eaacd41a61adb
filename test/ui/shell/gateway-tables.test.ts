import { afterEach, describe, expect, it } from 'vitest';
import type { GatewayTableList, RejectionList } from '../../../ui/shell/gateway-table.ts';
import { type GatewayTables, pollGatewayTables } from '../../../ui/shell/gateway-tables.ts';
import { createFakeClock } from '../fake-clock.ts';

const ERROR = { code: 'type_mismatch', detail: 'column "n" differs', at_ms: 5 };

function createPoll(answers: Record<string, unknown>, beforeAnswer: () => Promise<void> | void = () => {}) {
  const clock = createFakeClock();
  const page = { isVisible: true };
  const asked: string[] = [];
  const lists: GatewayTableList[] = [];
  const rejections: RejectionList[] = [];
  const loginNeeded: boolean[] = [];
  const poll = pollGatewayTables({
    baseUrl: 'http://host/base/',
    fetch: async (input) => {
      const path = String(input).replace('http://host/base/', '');
      asked.push(path);
      await beforeAnswer();
      if (answers[path] === undefined) throw new TypeError('no line');
      const answer = answers[path];
      return answer instanceof Response ? answer.clone() : Response.json(answer);
    },
    clock,
    isVisible: () => page.isVisible,
    onTables: (list) => lists.push(list),
    onRejections: (list) => rejections.push(list),
    onLoginNeeded: (isNeeded) => loginNeeded.push(isNeeded),
  });
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve));
  return { clock, page, asked, lists, rejections, loginNeeded, poll, settle };
}

describe('asking the gateway for its tables', () => {
  let open: GatewayTables | null = null;
  afterEach(() => open?.close());

  it('tells what waits and what was refused', async () => {
    const a = { name: 'a', rows: 3, bytes: 24, changed: 5, staged: 2, last_publication_ms: 7 };
    const { poll, lists, rejections, settle } = createPoll({
      tables: {
        epoch: 'e',
        version: 9,
        tables: [{ ...a, rows_per_s: 1.5, last_error: ERROR }, { name: 'b', rows_per_s: 2 }, 'nonsense'],
      },
      rejections: { count: 4, rejections: [{ ...ERROR, source: 'http', table: null }] },
    });
    open = poll;
    await settle();
    const lastError = { code: ERROR.code, detail: ERROR.detail, atMs: 5 };
    const { tables, ...at } = lists[0]!;
    expect(at).toEqual({ epoch: 'e', version: 9, rowsPerSecond: 3.5 });
    expect(tables.get('a')).toEqual({
      name: 'a',
      rows: 3,
      bytes: 24,
      changed: 5,
      staged: 2,
      op: null,
      lastPublicationMs: 7,
      lastError,
      sequence: null,
    });
    expect(rejections).toEqual([{ count: 4, newest: [{ ...lastError, table: null }] }]);
  });

  it('tells what of the numbers a viewer should know', async () => {
    const numbers = { checked: true, gaps: 2, missing: 3, missing_before: 4, producer_heard_ms: 5 };
    const { poll, lists, settle } = createPoll({
      tables: {
        tables: [
          { name: 'live', ...numbers, producer: 'live' },
          { name: 'silent', ...numbers, producer: 'silent' },
          { name: 'trimmed', ...numbers, producer: null, retention: { max_rows: 5 } },
          { name: 'bare', checked: false, producer: null },
        ],
      },
      rejections: { count: 0 },
    });
    open = poll;
    await settle();
    const told = { isChecked: true, gaps: 2, lost: 3, lostBefore: 4, silentSinceMs: null };
    expect([...lists[0]!.tables.values()].map(({ sequence }) => sequence)).toEqual([
      told,
      { ...told, silentSinceMs: 5 },
      { ...told, lostBefore: 0 },
      { isChecked: false, gaps: 0, lost: 0, lostBefore: 0, silentSinceMs: null },
    ]);
  });

  it('happens every two seconds while the page is visible, and not while it is hidden', async () => {
    const { poll, clock, page, asked, settle } = createPoll({
      tables: { tables: [] },
      rejections: { count: 0 },
    });
    open = poll;
    await settle();
    const count = () => asked.filter((path) => path === 'tables').length;
    clock.advance(2000);
    await settle();
    expect(count()).toBe(2);
    page.isVisible = false;
    clock.advance(2000);
    await settle();
    expect(count()).toBe(2);
    page.isVisible = true;
    clock.advance(2000);
    await settle();
    expect(count()).toBe(3);
  });

  it('tells of rejections where there are others, and asks for them seldom', async () => {
    const answers: Record<string, unknown> = {
      tables: { tables: [{ name: 'a', rows: 3, staged: 0 }] },
      rejections: { count: 0, rejections: [] },
    };
    const { poll, clock, asked, lists, rejections, settle } = createPoll(answers);
    open = poll;
    await settle();
    for (let i = 0; i < 12; i++) {
      clock.advance(2000);
      await settle();
    }
    expect([lists.length, rejections.length]).toEqual([13, 1]);
    expect(asked.filter((path) => path === 'rejections').length).toBe(3);
    answers.tables = { tables: [{ name: 'a', rows: 3, staged: 0, last_error: ERROR }] };
    answers.rejections = { count: 1, rejections: [{ ...ERROR, table: 'a' }] };
    clock.advance(2000);
    await settle();
    expect(rejections.length).toBe(2);
  });

  it('happens at once after a commit, and at most four times a second while they go on', async () => {
    const { poll, clock, page, asked, settle } = createPoll({
      tables: { tables: [] },
      rejections: { count: 0 },
    });
    open = poll;
    await settle();
    const count = () => asked.filter((path) => path === 'tables').length;
    clock.advance(1000);
    poll.noteNews();
    clock.advance(0);
    await settle();
    expect(count()).toBe(2);
    for (let i = 0; i < 100; i++) {
      poll.noteNews();
      clock.advance(10);
      await settle();
    }
    expect(count()).toBe(6);
    page.isVisible = false;
    clock.advance(250);
    await settle();
    poll.noteNews();
    clock.advance(10_000);
    await settle();
    expect(count()).toBe(6);
  });

  it('leaves a gateway alone for ten times as long as it took to answer', async () => {
    let answer = (): void => {};
    let isSlow = true;
    const { poll, clock, asked, settle } = createPoll(
      { tables: { tables: [] }, rejections: { count: 0 } },
      () => (isSlow ? new Promise<void>((resolve) => (answer = resolve)) : undefined),
    );
    open = poll;
    const count = () => asked.filter((path) => path === 'tables').length;
    clock.advance(100);
    poll.noteNews();
    isSlow = false;
    answer();
    await settle();
    clock.advance(899);
    await settle();
    expect(count()).toBe(1);
    clock.advance(1);
    await settle();
    expect(count()).toBe(2);
  });

  it('tells the answer to the newest question alone', async () => {
    const answers: Record<string, unknown> = { tables: { version: 1, tables: [] }, rejections: { count: 0 } };
    const waiting: (() => void)[] = [];
    const { poll, lists, settle } = createPoll(
      answers,
      () => new Promise<void>((resolve) => waiting.push(resolve)),
    );
    open = poll;
    poll.refresh();
    waiting[1]!();
    await settle();
    waiting[0]!();
    await settle();
    expect(lists.length).toBe(1);
  });

  it('tells that a login is needed, and that it is no more', async () => {
    const answers: Record<string, unknown> = { tables: new Response(null, { status: 401 }) };
    const { poll, clock, lists, loginNeeded, settle } = createPoll(answers);
    open = poll;
    await settle();
    expect([loginNeeded, lists]).toEqual([[true], []]);
    answers.tables = { tables: [] };
    clock.advance(2000);
    await settle();
    expect([loginNeeded.at(-1), lists.length]).toEqual([false, 1]);
  });

  it('goes on after a failure, in silence, until it is closed', async () => {
    const { poll, clock, asked, lists, settle } = createPoll({});
    open = poll;
    await settle();
    clock.advance(2000);
    await settle();
    expect(asked).toEqual(['tables', 'tables']);
    expect(lists).toEqual([]);
    poll.close();
    poll.close();
    clock.advance(10_000);
    await settle();
    expect(asked.length).toBe(2);
  });
});
