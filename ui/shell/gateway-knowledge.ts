import { batch, type ReadonlySignal, signal } from '@preact/signals-core';
import { createWindowClock } from '../window-environment.ts';
import type { GatewayTable, GatewayTableList, RejectionList } from './gateway-table.ts';
import { pollGatewayTables } from './gateway-tables.ts';

/** Instead of a status, where the gateway could not be reached. */
const NO_ANSWER = 0;

/** What the gateway tells when it is asked, which it is now and then. */
export interface GatewayKnowledge {
  /** Another map only where something is other than it was. */
  readonly tables: ReadonlySignal<ReadonlyMap<string, GatewayTable>>;
  /** Whether it has told its tables. */
  readonly isListed: ReadonlySignal<boolean>;
  /** Of all tables together. */
  readonly rowsPerSecond: ReadonlySignal<number>;
  readonly rejections: ReadonlySignal<RejectionList>;
  readonly isLoginNeeded: ReadonlySignal<boolean>;
  /** Asks now. */
  refresh(): void;
  /** A table came or went: asks as soon as it may. */
  noteNews(): void;
  /** Commits all that is staged; answers the HTTP status, 0 where there was no answer. */
  updateData(): Promise<number>;
  close(): void;
}

export function createGatewayKnowledge(options: {
  readonly window: Window & typeof globalThis;
  /** Ends with a slash. */
  readonly baseUrl: string;
  readonly isVisible: () => boolean;
  /** Called with each answer, once the signals tell of it. */
  readonly onTables: (list: GatewayTableList) => void;
}): GatewayKnowledge {
  const { window, baseUrl, isVisible } = options;
  const tables = signal<ReadonlyMap<string, GatewayTable>>(new Map());
  const isListed = signal(false);
  const rowsPerSecond = signal(0);
  const rejections = signal<RejectionList>({ count: 0, newest: [] });
  const isLoginNeeded = signal(false);
  let told = '';
  const poll = pollGatewayTables({
    baseUrl,
    fetch: (input, init) => window.fetch(input, init),
    clock: createWindowClock(window),
    isVisible,
    onTables(list) {
      const known = JSON.stringify([...list.tables.values()]);
      batch(() => {
        if (known !== told) tables.value = list.tables;
        isListed.value = true;
        rowsPerSecond.value = list.rowsPerSecond;
      });
      told = known;
      options.onTables(list);
    },
    onRejections(found) {
      rejections.value = found;
    },
    onLoginNeeded(isNeeded) {
      isLoginNeeded.value = isNeeded;
    },
  });
  return {
    tables,
    isListed,
    rowsPerSecond,
    rejections,
    isLoginNeeded,
    refresh: poll.refresh,
    noteNews: poll.noteNews,
    close: poll.close,
    async updateData() {
      const response = await window.fetch(`${baseUrl}update_data`, { method: 'POST' }).catch(() => null);
      poll.refresh();
      return response?.status ?? NO_ANSWER;
    },
  };
}
