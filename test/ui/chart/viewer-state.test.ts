import { describe, expect, it } from 'vitest';
import { viewerState } from '../../../ui/chart/viewer-state.ts';

describe('what a viewer did to a chart', () => {
  it('is done to the next frame too, part by part', () => {
    const current = {
      dataZoom: [
        { start: 20, end: 40, id: 'inside' },
        { start: 20, end: 40 },
      ],
      legend: [{ selected: { a: false } }],
    };
    const frame = {
      dataZoom: [{ id: 'inside', throttle: 32 }, { id: 'slider' }],
      legend: { show: true, selected: { b: true } },
    };
    expect(viewerState(current).restore(frame)).toEqual({
      dataZoom: [
        { id: 'inside', throttle: 32, start: 20, end: 40 },
        { id: 'slider', start: 20, end: 40 },
      ],
      legend: [{ show: true, selected: { b: true, a: false } }],
    });
  });

  it('adds no parts, and is nothing before the first frame', () => {
    expect(viewerState({ legend: [{ selected: {} }] }).restore({ title: {} })).toEqual({ title: {} });
    expect(viewerState(undefined).restore({ legend: { top: 1 } })).toEqual({ legend: [{ top: 1 }] });
    expect(viewerState({}).zoom).toEqual([]);
  });
});
