import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { CommitGate, HeldCommit } from './commit-gate.ts';
import type { TableActivity } from './table-activity.ts';

/** What waits while the viewer pauses. */
export interface Waiting {
  /** Versions that came since; null where the gateway began anew and they cannot be counted. */
  readonly versions: number | null;
}

export interface Pausing {
  /** Null while the page is live. */
  readonly waiting: ReadonlySignal<Waiting | null>;
  pause(): void;
  goLive(): void;
  toggle(): void;
  held(commit: HeldCommit): void;
}

export interface PausingOptions {
  readonly gate: Pick<CommitGate, 'hold' | 'release'>;
  readonly activity: Pick<TableActivity, 'hold' | 'release'>;
  /** The version that the replica is at, which stays on screen. */
  readonly position: () => { readonly epoch: string; readonly version: number } | null;
  /** Calls back before the next frame: what waits is told at most once a frame. */
  readonly requestFrame: (callback: () => void) => void;
  /** Whether the page draws, changed. */
  readonly onChange: () => void;
  /** More came than could be kept. */
  readonly onLost: () => void;
}

/** The viewer's pause: data comes, what is on screen stays. */
export function createPausing(options: PausingOptions): Pausing {
  const waiting = signal<Waiting | null>(null);
  let newest: HeldCommit | null = null;

  function tell(): void {
    if (newest === null || waiting.peek() === null) return;
    const shown = options.position();
    const isCounted = shown !== null && shown.epoch === newest.epoch;
    waiting.value = { versions: isCounted ? newest.version - shown.version : null };
    newest = null;
  }

  function pause(): void {
    if (waiting.peek() !== null) return;
    options.gate.hold();
    options.activity.hold();
    waiting.value = { versions: 0 };
    options.onChange();
  }

  function goLive(): void {
    if (waiting.peek() === null) return;
    waiting.value = null;
    newest = null;
    options.activity.release();
    options.onChange();
    if (options.gate.release() === 'lost') options.onLost();
  }

  return {
    waiting,
    pause,
    goLive,
    toggle: () => (waiting.peek() === null ? pause() : goLive()),
    held(commit) {
      if (newest === null) options.requestFrame(tell);
      newest = commit;
    },
  };
}
