import { cellText } from '../../../protocol/arrow/cell-text.ts';
import type { DataType } from '../../../protocol/arrow/data-type.ts';
import type { BytesVector, Vector } from '../../../protocol/arrow/vector.ts';
import { ColumnTest, type RowTest } from '../../../protocol/condition/row-test.ts';
import type { RowAccess } from '../../../protocol/table/row-access.ts';

export type TextMatch = 'contains' | 'equals' | 'starts';

/** Cells whose exact text matches, upper and lower case alike. */
export class TextTest extends ColumnTest {
  readonly #type: DataType;
  readonly #match: TextMatch;
  readonly #wanted: string;
  /** The wanted text's bytes where it is ASCII, so that cells need not become strings. */
  readonly #bytes: Uint8Array | null;
  #vector: Vector | undefined;

  constructor(column: number, type: DataType, match: TextMatch, wanted: string) {
    super(column);
    this.#type = type;
    this.#match = match;
    this.#wanted = wanted.toLowerCase();
    const bytes = new TextEncoder().encode(this.#wanted);
    this.#bytes = type.kind === 'utf8' && bytes.every((byte) => byte < 0x80) ? bytes : null;
  }

  protected bind(vector: Vector): void {
    this.#vector = vector;
  }

  protected holdsAt(at: number): boolean {
    const vector = this.#vector;
    if (this.#bytes !== null && vector?.layout === 'bytes') {
      const found = this.#matchesBytes(vector, this.#bytes, at);
      if (found !== null) return found;
    }
    const text = cellText(this.#type, vector, at)?.toLowerCase() ?? '';
    switch (this.#match) {
      case 'contains':
        return text.includes(this.#wanted);
      case 'equals':
        return text === this.#wanted;
      case 'starts':
        return text.startsWith(this.#wanted);
    }
  }

  /** Null where the cell is not ASCII: other letters may have ASCII ones as their lower case. */
  #matchesBytes({ offsets, data }: BytesVector, wanted: Uint8Array, at: number): boolean | null {
    const start = offsets[at]!;
    const end = offsets[at + 1]!;
    for (let i = start; i < end; i++) if (data[i]! >= 0x80) return null;
    const length = end - start;
    if (this.#match === 'equals' && length !== wanted.length) return false;
    const last = this.#match === 'contains' ? end - wanted.length : Math.min(start, end - wanted.length);
    for (let i = start; i <= last; i++) if (matchesAt(data, i, wanted)) return true;
    return false;
  }
}

function matchesAt(data: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) {
    const byte = data[start + i]!;
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== wanted[i]) return false;
  }
  return true;
}

/** Cells whose exact text is one of a set, or is not. */
export class SetTest extends ColumnTest {
  readonly #type: DataType;
  readonly #values: ReadonlySet<string | null>;
  readonly #isExcluded: boolean;
  #vector: Vector | undefined;

  constructor(column: number, type: DataType, values: readonly (string | null)[], isExcluded: boolean) {
    super(column);
    this.#type = type;
    this.#values = new Set(values);
    this.#isExcluded = isExcluded;
  }

  protected bind(vector: Vector): void {
    this.#vector = vector;
  }

  protected override holdsForNull(): boolean {
    return this.#values.has(null) !== this.#isExcluded;
  }

  protected holdsAt(at: number): boolean {
    return this.#values.has(cellText(this.#type, this.#vector, at)) !== this.#isExcluded;
  }
}

/** Rows of which some column's text contains the wanted one. */
export class SearchTest implements RowTest {
  readonly #tests: readonly RowTest[];

  constructor(columns: readonly { readonly column: number; readonly type: DataType }[], wanted: string) {
    this.#tests = columns
      .filter(({ type }) => mayContain(type, wanted.toLowerCase()))
      .map(({ column, type }) => new TextTest(column, type, 'contains', wanted));
  }

  holds(rows: RowAccess): boolean {
    for (const test of this.#tests) if (test.holds(rows)) return true;
    return false;
  }
}

/** Whether the texts of a type can have all these letters, lower case: reading numbers as texts is dear. */
function mayContain(type: DataType, wanted: string): boolean {
  switch (type.kind) {
    case 'int':
    case 'decimal':
      return /^[-.\d]*$/.test(wanted);
    case 'float':
      return /^[-+.\deinfa]*$/.test(wanted);
    case 'bool':
      return 'true'.includes(wanted) || 'false'.includes(wanted);
    case 'date':
    case 'time':
    case 'timestamp':
    case 'duration':
      return /^[-+.:\dptsz]*$/.test(wanted);
    case 'null':
      return false;
    default:
      return true;
  }
}
