import { KeyIndex } from '../../protocol/table/key-index.ts';
import { RowLog } from '../../protocol/table/row-log.ts';

/** How often the table engine did what only many rows make it do. */
export interface EngineCounts {
  /** Segments gathered anew by compaction. */
  merges: number;
  /** Slots numbered anew after most keys went. */
  renumberings: number;
  /** Segments that were given back while others stayed. */
  droppedSegments: number;
  close(): void;
}

/** Counts from now on until it is closed. */
export function countEngineWork(): EngineCounts {
  const { merge, dropEmptySegments } = RowLog.prototype;
  const { renumber } = KeyIndex.prototype;
  const counts: EngineCounts = {
    merges: 0,
    renumberings: 0,
    droppedSegments: 0,
    close: () => {
      Object.assign(RowLog.prototype, { merge, dropEmptySegments });
      KeyIndex.prototype.renumber = renumber;
    },
  };
  RowLog.prototype.merge = function (sources) {
    counts.merges++;
    merge.call(this, sources);
  };
  RowLog.prototype.dropEmptySegments = function () {
    const before = this.segments.length;
    dropEmptySegments.call(this);
    if (this.segments.length > 0 && this.segments.length < before) counts.droppedSegments++;
  };
  KeyIndex.prototype.renumber = function (live) {
    counts.renumberings++;
    renumber.call(this, live);
  };
  return counts;
}
