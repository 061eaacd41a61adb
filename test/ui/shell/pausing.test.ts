import { describe, expect, it } from 'vitest';
import { createPausing } from '../../../ui/shell/pausing.ts';

function createPage(release: 'passed' | 'lost' = 'passed') {
  const calls: string[] = [];
  const frames: (() => void)[] = [];
  const shown = { epoch: 'e', version: 7 };
  const pausing = createPausing({
    gate: {
      hold: () => calls.push('hold'),
      release: () => {
        calls.push('release');
        return release;
      },
    },
    activity: { hold: () => {}, release: () => {} },
    position: () => shown,
    requestFrame: (callback) => frames.push(callback),
    onChange: () => calls.push('change'),
    onLost: () => calls.push('lost'),
  });
  const held = (version: number, epoch = 'e') =>
    pausing.held({ epoch, version, isAnswer: false, changed: new Map() });
  const frame = () => frames.splice(0).map((callback) => callback()).length;
  return { pausing, calls, held, frame };
}

describe('pausing', () => {
  it('counts what came since, at most once a frame', () => {
    const { pausing, held, frame } = createPage();
    pausing.pause();
    expect(pausing.waiting.value).toEqual({ versions: 0 });
    for (let version = 8; version <= 12; version++) held(version);
    expect(frame()).toBe(1);
    expect(pausing.waiting.value).toEqual({ versions: 5 });
  });

  it('does not count versions of another epoch', () => {
    const { pausing, held, frame } = createPage();
    pausing.pause();
    held(2, 'another');
    frame();
    expect(pausing.waiting.value).toEqual({ versions: null });
  });

  it('is live again with nothing waiting, each change told once', () => {
    const { pausing, calls, held, frame } = createPage();
    pausing.toggle();
    pausing.pause();
    held(8);
    pausing.toggle();
    pausing.goLive();
    frame();
    expect(pausing.waiting.value).toBeNull();
    expect(calls).toEqual(['hold', 'change', 'change', 'release']);
  });

  it('asks anew where more came than could be kept', () => {
    const { pausing, calls } = createPage('lost');
    pausing.pause();
    pausing.goLive();
    expect(calls.at(-1)).toBe('lost');
  });
});
