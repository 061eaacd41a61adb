import { type ReadonlySignal, signal } from '@preact/signals-core';
import { createWindowClock } from '../window-environment.ts';
import { type GatewayTable, pollGatewayTables, type RejectionList } from './gateway-tables.ts';

/** Instead of a status, where the gateway could not be reached. */
const NO_ANSWER = 0;

/** What the gateway alone knows, asked for now and then. */
export interface GatewayKnowledge {
  readonly tables: ReadonlySignal<ReadonlyMap<string, GatewayTable>>;
  readonly rejections: ReadonlySignal<RejectionList>;
  readonly isLoginNeeded: ReadonlySignal<boolean>;
  /** Asks now. */
  refresh(): void;
  /** Commits all that is staged; answers the HTTP status, 0 where there was no answer. */
  updateData(): Promise<number>;
  close(): void;
}

export function createGatewayKnowledge(options: {
  readonly window: Window & typeof globalThis;
  /** Ends with a slash. */
  readonly baseUrl: string;
  readonly isVisible: () => boolean;
  readonly onTables: () => void;
}): GatewayKnowledge {
  const { window, baseUrl, isVisible } = options;
  const tables = signal<ReadonlyMap<string, GatewayTable>>(new Map());
  const rejections = signal<RejectionList>({ count: 0, newest: [] });
  const isLoginNeeded = signal(false);
  const poll = pollGatewayTables({
    baseUrl,
    fetch: (input, init) => window.fetch(input, init),
    after: createWindowClock(window).after,
    isVisible,
    onTables(found) {
      tables.value = found;
      options.onTables();
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
    rejections,
    isLoginNeeded,
    refresh: poll.refresh,
    close: poll.close,
    async updateData() {
      const response = await window.fetch(`${baseUrl}update_data`, { method: 'POST' }).catch(() => null);
      poll.refresh();
      return response?.status ?? NO_ANSWER;
    },
  };
}
