import type { ChangeHeader } from '../../protocol/server-message.ts';
import type { TableStore } from '../tables/table-store.ts';
import type { ChangeEncoder } from './change-encoder.ts';
import { textFrame } from './frame.ts';
import { type SubscriptionGroup, wants } from './subscription-group.ts';

/** A commit as bytes on the wire, cut only between messages; written in this order, nothing but heartbeats between. */
export interface CommitFrames {
  readonly version: number;
  readonly chunks: readonly Buffer[];
  readonly byteLength: number;
}

/** Up to this size a commit is one buffer, so that it goes out with one write. */
const ONE_BUFFER_BYTES = 256 * 1024;

/**
 * Frames what brings a viewer to the store's version: for each of its tables the changes since `sinceOf(table)` (null for
 * a snapshot), and drops. The changes' own frames are shared; what is made here is the commit message before them.
 */
export function frameCommit(
  store: TableStore,
  encoder: ChangeEncoder,
  epoch: string,
  group: SubscriptionGroup,
  viewer: {
    readonly sinceOf: (table: string) => number | null;
    readonly oldest: number | null;
    readonly tables?: readonly string[];
    /** Whether it is told when a table last came or went. */
    readonly lists: boolean;
  },
): CommitFrames {
  const headers: ChangeHeader[] = [];
  const frames: Buffer[] = [];
  for (const name of viewer.oldest === null ? [] : store.droppedAfter(viewer.oldest)) {
    if (wants(group, name)) headers.push({ table: name, op: 'drop', rows: 0, snapshot: false });
  }
  for (const name of viewer.tables ?? (group.all ? store.tables.keys() : group.names)) {
    const table = store.tables.get(name);
    if (table === undefined || table.history.changed === 0 || !wants(group, name)) continue;
    for (const change of encoder.changes(table, viewer.sinceOf(name))) {
      headers.push(change.header);
      frames.push(change.frame);
    }
  }
  const { version } = store;
  const listed = viewer.lists ? { listed: store.listedVersion } : {};
  const text = textFrame(JSON.stringify({ type: 'commit', epoch, version, changes: headers, ...listed }));
  return joined(version, [text, ...frames]);
}

function joined(version: number, frames: readonly Buffer[]): CommitFrames {
  const byteLength = frames.reduce((sum, frame) => sum + frame.length, 0);
  const chunks =
    byteLength <= ONE_BUFFER_BYTES && frames.length > 1 ? [Buffer.concat(frames, byteLength)] : frames;
  return { version, chunks, byteLength };
}
