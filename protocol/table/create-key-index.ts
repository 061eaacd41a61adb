import type { Field } from '../arrow/data-type.ts';
import { createKeyCodec } from './key-codec.ts';
import type { KeyIndex } from './key-index.ts';
import { TextKeyIndex } from './text-key-index.ts';
import { type SlotComparison, ValueKeyIndex } from './value-key-index.ts';
import { WordKeyIndex } from './word-key-index.ts';

/**
 * The index for a key of these columns: the common keys, one number or one text, are kept in the index itself.
 *
 * @throws TablecastError `key_type`
 */
export function createKeyIndex(fields: readonly Field[], isEqual: SlotComparison): KeyIndex {
  const codecs = fields.map(createKeyCodec);
  const [codec] = codecs;
  if (codecs.length === 1 && codec !== undefined) {
    if (codec.words > 0) return new WordKeyIndex(codec.words);
    const { kind } = fields[0]!.type;
    if (kind === 'utf8' || kind === 'binary') return new TextKeyIndex(codec);
  }
  return new ValueKeyIndex(codecs, isEqual);
}
