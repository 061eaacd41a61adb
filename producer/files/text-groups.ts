import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../protocol/arrow/vector.ts';
import { byteLengthOfBatch, type RowGroup } from './row-group.ts';
import type { TextBlocks } from './text-blocks.ts';
import type { TextColumns } from './text-columns.ts';

/** The types that the first rows show are not those of all rows: see all, and begin anew. */
export class TypesUnsettled extends Error {}

export interface TextGroupsOptions {
  readonly blocks: TextBlocks;
  readonly columns: TextColumns;
  readonly groupBytes: number;
  /** Whether the input can be read a second time, so that all rows decide on types. */
  readonly isRepeatable: boolean;
  /** Whether the text replaces the table: columns without a value belong to it, and it can be sent anew with other types. */
  readonly replaces: boolean;
  /** Whether a text without rows gives no group: it may just not be written yet. */
  readonly skipsEmpty: boolean;
}

/**
 * A text's rows in groups of about `groupBytes`; a text without rows gives one group without rows, unless told not to.
 *
 * @throws TablecastError `bad_body`, `bad_value`, `too_large`; {@link TypesUnsettled} where the input is repeatable
 */
export async function* textGroups(options: TextGroupsOptions): AsyncGenerator<RowGroup> {
  const { blocks, columns, groupBytes, isRepeatable, replaces, skipsEmpty } = options;
  let batches: Batch[] = [];
  let bytes = 0;
  let groups = 0;
  const flush = (isLast: boolean): RowGroup => {
    if (isRepeatable && !isLast && !(replaces ? columns.areTyped : columns.areKnown))
      throw new TypesUnsettled();
    const group = columns.group(batches, replaces && (isRepeatable || (isLast && groups === 0)));
    batches = [];
    bytes = 0;
    groups++;
    return group;
  };
  for await (const block of blocks.blocks()) {
    if (block !== null) {
      const batch = columns.build(block, !isRepeatable);
      if (batch === null) throw new TypesUnsettled();
      batches.push(batch);
      bytes += byteLengthOfBatch(batch);
    }
    if (block === null ? batches.length > 0 : bytes >= groupBytes) yield flush(false);
    // What is being sent goes on meanwhile.
    await setImmediate();
  }
  columns.meet(blocks.position.names ?? []);
  if (batches.length > 0 || (groups === 0 && !skipsEmpty)) yield flush(true);
}

/** Sees all rows, so that the columns' types are those of all. @throws TablecastError `bad_body`, `bad_value` */
export async function settleTypes(blocks: TextBlocks, columns: TextColumns): Promise<void> {
  for await (const block of blocks.blocks()) if (block !== null) columns.observe(block);
  columns.meet(blocks.position.names ?? []);
  columns.settle();
}
