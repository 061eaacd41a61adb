import { ChangeEncoder } from '../../gateway/live/change-encoder.ts';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';
import { ModelGateway } from '../gateway/model-gateway.ts';
import { ReplicaViewer } from '../gateway/replica-viewer.ts';
import type { FuzzTarget } from './run-fuzz.ts';

const HEADERS = [
  { op: 'upsert', key: ['s'], commit: 'auto' },
  { op: 'delete', key: ['s'] },
  { op: 'append', retention: { max_rows: 3 } },
  { op: 'replace', key: ['i'], snapshot: true },
  { op: 'replace', retention: { max_rows: 2 } },
  { op: 'append' },
  { op: 'upsert', commit: 'hold', retention: { max_bytes: 40 } },
];
const BASE = fromValues([
  { s: 'a', i: 1, f: 0.5 },
  { s: 'b', i: 2, f: null },
  { s: null, i: 3, f: 1.5 },
]);
const HISTORY = { maxAgeMs: 1e12, maxBytes: 1e6 };

/**
 * Whole messages, header and dataframe, to tables that have rows: through intake, log and store to a viewer. The input is
 * the header's length in two bytes, the header, and the Arrow message.
 */
export function publicationTarget(arrowSeeds: readonly Uint8Array[]): FuzzTarget {
  const dataframes = [BASE, ...arrowSeeds];
  return {
    name: 'publication',
    kind: 'bytes',
    seeds: HEADERS.flatMap((header) => dataframes.map((arrow) => joined(JSON.stringify(header), arrow))),
    take: (bytes) => {
      const viewed = openGateway();
      const headerEnd = 2 + ((bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8));
      const before = viewed.gateway.rejections.count;
      for (const table of ['keyed', 'plain'])
        publish(
          viewed.gateway,
          table,
          bytes.subarray(2, headerEnd),
          Uint8Array.from(bytes.subarray(headerEnd)),
        );
      const { list, count } = viewed.gateway.rejections;
      const fault = list.find(({ code }) => code === 'internal');
      if (fault !== undefined) throw new Error(fault.detail);
      return count - before === 2 ? null : viewed;
    },
    check: (made) => {
      const { gateway, viewer } = made as ReturnType<typeof openGateway>;
      gateway.commit({ type: 'all' });
      viewer.catchUp();
      for (const [name, table] of gateway.store.tables) {
        const replica = viewer.tables.get(name);
        if (replica === undefined || contentHash(replica) !== contentHash(table.live))
          throw new Error(`The viewer has another table "${name}" than the gateway.`);
      }
    },
  };
}

function openGateway() {
  const gateway = new ModelGateway({ history: HISTORY, onCommit: () => {} });
  const viewer = new ReplicaViewer(gateway.store, new ChangeEncoder(), '*');
  publish(gateway, 'keyed', Buffer.from('{"key":["s"]}'), BASE);
  publish(gateway, 'plain', Buffer.from('{}'), BASE);
  viewer.catchUp();
  return { gateway, viewer };
}

function publish(gateway: ModelGateway, table: string, header: Uint8Array, arrow: Uint8Array): void {
  gateway.intake.takeMessages([{ source: 'pull', frames: [Buffer.from(table), header, arrow] }]);
}

function joined(header: string, arrow: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(header.length & 255, header.length >> 8), Buffer.from(header), arrow]);
}
