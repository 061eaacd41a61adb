import type { ReadonlySignal, Signal } from '@preact/signals-core';
import type { TablecastError } from '../../protocol/errors.ts';
import type { ImageFormat } from './chart-view.ts';

/** The chart of the chosen table, as buttons and menus elsewhere on the page work with it. */
export interface ShownChart {
  /** False where the table has nothing to draw. */
  readonly isShown: ReadonlySignal<boolean>;
  readonly isFull: ReadonlySignal<boolean>;
  /** Whether the form that shapes it is open. */
  readonly isShaping: Signal<boolean>;
  /** Why the chart that the viewer shaped is not what is shown. */
  readonly problem: ReadonlySignal<TablecastError | null>;
  toggleFull(): Promise<void>;
  image(format: ImageFormat): Promise<Blob>;
}
