import { type ReadonlySignal, signal } from '@preact/signals-core';

export interface CatchUp {
  /** The viewer is behind the gateway for longer than a heartbeat, or waits for what it missed. */
  readonly isBehind: ReadonlySignal<boolean>;
  /** A line is up, and the first commit on it is still to come. */
  lineIsUp(): void;
  /** The gateway is at `version`; the viewer has all up to `reached`. */
  heartbeat(version: number, reached: number): void;
  commit(version: number): void;
}

/** Tells a viewer that lags from one that is a moment behind: what the gateway had a heartbeat ago must be here. */
export function createCatchUp(): CatchUp {
  const isBehind = signal(false);
  let dueVersion = 0;
  let awaitsAnswer = false;
  return {
    isBehind,
    lineIsUp() {
      awaitsAnswer = true;
      dueVersion = 0;
      isBehind.value = true;
    },
    heartbeat(version, reached) {
      isBehind.value = awaitsAnswer || reached < dueVersion;
      dueVersion = version;
    },
    commit(version) {
      awaitsAnswer = false;
      if (version >= dueVersion) isBehind.value = false;
    },
  };
}
