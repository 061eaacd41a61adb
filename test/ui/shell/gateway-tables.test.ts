import { afterEach, describe, expect, it } from 'vitest';
import {
  type GatewayTable,
  type GatewayTables,
  pollGatewayTables,
  type RejectionList,
} from '../../../ui/shell/gateway-tables.ts';
import { createFakeClock } from '../fake-clock.ts';

const ERROR = { code: 'type_mismatch', detail: 'column "n" differs', at_ms: 5 };

function createPoll(answers: Record<string, unknown>) {
  const clock = createFakeClock();
  const page = { isVisible: true };
  const asked: string[] = [];
  const tables: ReadonlyMap<string, GatewayTable>[] = [];
  const rejections: RejectionList[] = [];
  const loginNeeded: boolean[] = [];
  const poll = pollGatewayTables({
    baseUrl: 'http://host/base/',
    fetch: async (input) => {
      const path = String(input).replace('http://host/base/', '');
      asked.push(path);
      if (answers[path] === undefined) throw new TypeError('no line');
      const answer = answers[path];
      return answer instanceof Response ? answer.clone() : Response.json(answer);
    },
    after: clock.after,
    isVisible: () => page.isVisible,
    onTables: (found) => tables.push(found),
    onRejections: (list) => rejections.push(list),
    onLoginNeeded: (isNeeded) => loginNeeded.push(isNeeded),
  });
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve));
  return { clock, page, asked, tables, rejections, loginNeeded, poll, settle };
}

describe('asking the gateway for its tables', () => {
  let open: GatewayTables | null = null;
  afterEach(() => open?.close());

  it('tells what waits and what was refused', async () => {
    const { poll, tables, rejections, settle } = createPoll({
      tables: {
        tables: [{ name: 'a', rows: 3, staged: 2, last_publication_ms: 7, last_error: ERROR }, 'nonsense'],
      },
      rejections: { count: 4, rejections: [{ ...ERROR, source: 'http', table: null }] },
    });
    open = poll;
    await settle();
    const lastError = { code: ERROR.code, detail: ERROR.detail, atMs: 5 };
    expect([...tables[0]!.values()]).toEqual([
      { name: 'a', rows: 3, staged: 2, op: null, lastPublicationMs: 7, lastError, sequence: null },
    ]);
    expect(rejections).toEqual([{ count: 4, newest: [{ ...lastError, table: null }] }]);
  });

  it('tells what of the numbers a viewer should know', async () => {
    const numbers = { checked: true, gaps: 2, missing: 3, missing_before: 4, producer_heard_ms: 5 };
    const { poll, tables, settle } = createPoll({
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
    expect([...tables[0]!.values()].map(({ sequence }) => sequence)).toEqual([
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

  it('tells nothing where nothing changed', async () => {
    const answers: Record<string, unknown> = {
      tables: { tables: [{ name: 'a', rows: 3, staged: 0, rows_per_s: 1 }] },
      rejections: { count: 0, rejections: [] },
    };
    const { poll, clock, tables, rejections, settle } = createPoll(answers);
    open = poll;
    await settle();
    answers.tables = { tables: [{ name: 'a', rows: 3, staged: 0, rows_per_s: 2 }] };
    for (let i = 0; i < 12; i++) {
      clock.advance(2000);
      await settle();
    }
    expect([tables.length, rejections.length]).toEqual([1, 1]);
    answers.tables = { tables: [{ name: 'a', rows: 4, staged: 0 }] };
    clock.advance(2000);
    await settle();
    expect(tables.length).toBe(2);
  });

  it('tells that a login is needed, and that it is no more', async () => {
    const answers: Record<string, unknown> = { tables: new Response(null, { status: 401 }) };
    const { poll, clock, tables, loginNeeded, settle } = createPoll(answers);
    open = poll;
    await settle();
    expect([loginNeeded, tables]).toEqual([[true], []]);
    answers.tables = { tables: [] };
    clock.advance(2000);
    await settle();
    expect([loginNeeded.at(-1), tables.length]).toEqual([false, 1]);
  });

  it('goes on after a failure, in silence, until it is closed', async () => {
    const { poll, clock, asked, tables, settle } = createPoll({});
    open = poll;
    await settle();
    clock.advance(2000);
    await settle();
    expect(asked).toEqual(['tables', 'tables']);
    expect(tables).toEqual([]);
    poll.close();
    poll.close();
    clock.advance(10_000);
    await settle();
    expect(asked.length).toBe(2);
  });
});
