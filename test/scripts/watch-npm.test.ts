import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchNpm } from '../../scripts/supervisor/watch-npm.mjs';

describe('a script that npm runs', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function watch(env: NodeJS.ProcessEnv) {
    const state = { ancestors: '11 10', gone: 0 };
    const { close } = watchNpm(() => (state.gone += 1), { env, ancestors: () => state.ancestors });
    return { state, close };
  }

  it('notices once that npm or its shell is gone', () => {
    const { state } = watch({ npm_lifecycle_event: 'start' });
    vi.advanceTimersByTime(1000);
    expect(state.gone).toBe(0);
    state.ancestors = '1 ';
    vi.advanceTimersByTime(1000);
    expect(state.gone).toBe(1);
  });

  it('does not look any more when it is closed', () => {
    const { state, close } = watch({ npm_lifecycle_event: 'start' });
    close();
    state.ancestors = '1 ';
    vi.advanceTimersByTime(1000);
    expect(state.gone).toBe(0);
  });

  it('may outlive whatever else started it', () => {
    const { state } = watch({});
    state.ancestors = '1 ';
    vi.advanceTimersByTime(1000);
    expect(state.gone).toBe(0);
  });
});
