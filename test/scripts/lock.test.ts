import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../scripts/prepare/lock.mjs';

describe('the lock', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tablecast-lock-'));
    path = join(folder, 'below', 'test.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lets one in at a time, and says that the other waits', async () => {
    const order: string[] = [];
    let finishFirst = (): void => {};
    const first = withLock({ path }, async () => {
      order.push('first begins');
      await new Promise<void>((resolve) => {
        finishFirst = resolve;
      });
      order.push('first ends');
    });
    const whenWaiting = (): void => {
      order.push('second waits');
      finishFirst();
    };
    await Promise.all([first, withLock({ path, whenWaiting }, async () => void order.push('second begins'))]);
    expect(order).toEqual(['first begins', 'second waits', 'first ends', 'second begins']);
    expect(existsSync(path)).toBe(false);
  });

  it('is given back when the work fails', async () => {
    await expect(withLock({ path }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
  });

  it('of a process that is gone is taken over', async () => {
    const leftOver = join(folder, 'left-over.lock');
    // Above the largest process id that systems give.
    writeFileSync(leftOver, '99999999');
    expect(await withLock({ path: leftOver }, async () => 'done')).toBe('done');
  });
});
