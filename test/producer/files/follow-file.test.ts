import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { type PublishRun, type PublishStage, publishStage } from './publish-run.ts';

let stage: PublishStage;
let path: string;
beforeEach(async () => {
  stage = await publishStage();
  path = stage.path('a.csv');
});
afterEach(() => {
  vi.useRealTimers();
  return stage.close();
});

const watch = (...args: string[]): PublishRun => stage.run([path, '--table', 't', '--watch', ...args]);
/** What was published, as `op value,value`. */
const shown = () => stage.gateway.received.map(({ op, rows }) => `${op} ${rows.map(({ a }) => a).join()}`);

async function untilShown(expected: readonly string[]): Promise<void> {
  await waitFor(() => shown().length >= expected.length, { what: expected.join(' | ') });
  expect(shown()).toEqual(expected);
}

describe('a file that is watched', () => {
  test('is added to line by line, and a line that is not finished waits', async () => {
    // Else the line that is not finished would be old enough to count as one, where this takes long.
    vi.useFakeTimers({ toFake: ['performance'] });
    writeFileSync(path, 'a,b\n1,x\n');
    watch();
    await untilShown(['replace 1']);
    appendFileSync(path, '2,y\n3,');
    await untilShown(['replace 1', 'append 2']);
    appendFileSync(path, 'z\n');
    await untilShown(['replace 1', 'append 2', 'append 3']);
    expect(stage.gateway.received[2]?.rows).toEqual([{ a: 3n, b: 'z' }]);
  });

  test('of NDJSON is added to as well, by key where there is one', async () => {
    path = stage.path('a.ndjson');
    writeFileSync(path, '{"a":1}\n');
    watch('--key', 'a');
    await untilShown(['upsert 1']);
    appendFileSync(path, '{"a":2}\n{"a":');
    await untilShown(['upsert 1', 'upsert 2']);
  });

  test('is published anew when another file is put in its place', async () => {
    writeFileSync(path, 'a\n1\n');
    watch();
    await untilShown(['replace 1']);
    writeFileSync(`${path}.new`, 'a\n1\n2\n');
    renameSync(`${path}.new`, path);
    await untilShown(['replace 1', 'replace 1,2']);
  });

  test('is published anew when it is rewritten, with another type too', async () => {
    writeFileSync(path, 'a\n1\n');
    watch();
    await untilShown(['replace 1']);
    writeFileSync(path, 'a\nlonger than before\n');
    await untilShown(['replace 1', 'replace longer than before']);
  });

  test('that is cut short and written again adds its new lines to a table that is added to', async () => {
    writeFileSync(path, 'a\n1\n2\n');
    watch('--op', 'append');
    await untilShown(['append 1,2']);
    truncateSync(path);
    appendFileSync(path, 'a\n3\n');
    await untilShown(['append 1,2', 'append 3']);
  });

  test('that is rotated has its last lines read before the new file', async () => {
    writeFileSync(path, 'a\n1\n');
    watch('--op', 'append');
    await untilShown(['append 1']);
    // The line and the rename come between two looks, or in two of them: either way both are shown.
    appendFileSync(path, '2\n');
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'a\n3\n');
    await untilShown(['append 1', 'append 2', 'append 3']);
  });

  test('whose last line has no end is shown whole once it stands still', async () => {
    writeFileSync(path, 'a\n1\n2');
    watch();
    await untilShown(['replace 1', 'append 2']);
    appendFileSync(path, '3\n');
    await untilShown(['replace 1', 'append 2', 'replace 1,23']);
  });

  test('that is malformed for a while is shown when it is right again', async () => {
    writeFileSync(path, 'a,b\n1,x\n');
    const run = watch();
    await untilShown(['replace 1']);
    writeFileSync(path, 'a,b\n1\n2,y\n');
    await waitFor(() => run.errors.length > 0, { what: 'the reason' });
    expect(run.errors.join('')).toMatch(/^tablecast publish: .*row 1 .*2 cells.*Still watching.*\n$/);
    writeFileSync(path, 'a,b\n5,x\n');
    await untilShown(['replace 1', 'replace 5']);
  });

  test('is shown whole again by a gateway that began anew', async () => {
    writeFileSync(path, 'a\n1\n');
    watch();
    await untilShown(['replace 1']);
    stage.gateway.epoch = 'two';
    appendFileSync(path, '2\n');
    await untilShown(['replace 1', 'append 2', 'replace 1,2']);
  });

  test('has to be there at first', async () => {
    const run = watch();
    expect(await run.ended).toBe(1);
    expect(run.errors.join('')).toMatch(/there is no such file/);
  });
});
