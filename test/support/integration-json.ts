import {
  type ExpectedCell,
  FloatCell,
  type IntegrationBatch,
  type IntegrationColumn,
  type IntegrationField,
} from './integration-cells.ts';
import { integrationTypeName, scalarCell } from './integration-scalars.ts';

export interface ExpectedTable {
  readonly fields: readonly IntegrationField[];
  readonly typeNames: readonly string[];
  /** Of all batches, column by column. */
  readonly columns: readonly (readonly ExpectedCell[])[];
}

/** JSON whose numbers become strings `#digits` and whose strings become `$text`; keys stay as they are. */
export function parseKeepingDigits(json: string): unknown {
  const tagged = json.replace(
    /"((?:[^"\\]|\\.)*)"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g,
    (token, text: string | undefined, colon: string | undefined) =>
      text === undefined ? `"#${token}"` : colon === undefined ? `"$${text}"` : token,
  );
  return JSON.parse(tagged);
}

export function readIntegrationJson(json: string): ExpectedTable {
  const root = untag(parseKeepingDigits(json)) as {
    schema: { fields: IntegrationField[] };
    batches: IntegrationBatch[];
    dictionaries?: { id: string; data: IntegrationBatch }[];
  };
  const dictionaries = new Map(
    (root.dictionaries ?? []).map(({ id, data }) => [String(id), data.columns[0]!]),
  );
  const fields = distinct(root.schema.fields);
  return {
    fields,
    typeNames: fields.map(integrationTypeName),
    columns: fields.map((field, i) =>
      root.batches.flatMap((batch) => cellsOf(field, batch.columns[i]!, dictionaries)),
    ),
  };
}

/** Columns, and fields of one struct, that have one name: the second of them is `a_2`, as the protocol says. */
function distinct(fields: readonly IntegrationField[]): IntegrationField[] {
  return fields.map((field, i) => {
    const isStruct = field.type.name === 'struct';
    const before = fields.slice(0, i).filter(({ name }) => name === field.name).length;
    const name = before === 0 ? field.name : `${field.name}_${before + 1}`;
    return { ...field, name, children: isStruct ? distinct(field.children) : field.children };
  });
}

/** Numbers and strings alike as plain strings: integers of 64 bits stand in quotes there already. */
function untag(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(1);
  if (Array.isArray(value)) return value.map(untag);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, untag(item)]));
}

type Dictionaries = ReadonlyMap<string, IntegrationColumn>;

function cellsOf(
  field: IntegrationField,
  column: IntegrationColumn,
  dictionaries: Dictionaries,
): ExpectedCell[] {
  if (field.dictionary !== undefined) {
    const values = dictionaries.get(String(field.dictionary.id))!;
    const { dictionary: _, ...plain } = field;
    const cells = cellsOf(plain, values, dictionaries);
    return masked(column, (i) => cells[Number(column.DATA![i])]!);
  }
  const children = field.children.map((child, i) => cellsOf(child, column.children![i]!, dictionaries));
  switch (field.type.name) {
    case 'null':
      return Array.from({ length: Number(column.count) }, () => null);
    case 'list':
    case 'largelist':
      return masked(column, (i) =>
        children[0]!.slice(Number(column.OFFSET![i]), Number(column.OFFSET![i + 1])),
      );
    case 'map': {
      const names = field.children[0]!.children.map((child) => child.name);
      const pairs = children[0]!.map((entry) => names.map((name) => (entry as Entry)[name]!));
      return masked(column, (i) => pairs.slice(Number(column.OFFSET![i]), Number(column.OFFSET![i + 1])));
    }
    case 'listview':
    case 'largelistview':
      return masked(column, (i) => {
        const start = Number(column.OFFSET![i]);
        return children[0]!.slice(start, start + Number(column.SIZE![i]));
      });
    case 'fixedsizelist': {
      const size = Number(field.type.listSize);
      return masked(column, (i) => children[0]!.slice(i * size, (i + 1) * size));
    }
    case 'struct':
      return masked(column, (i) =>
        Object.fromEntries(field.children.map((child, c) => [child.name, children[c]![i]!])),
      );
    case 'union':
      return masked(column, (i) => {
        const child = (field.type.typeIds as unknown[]).map(String).indexOf(String(column.TYPE_ID![i]));
        return children[child]![column.OFFSET === undefined ? i : Number(column.OFFSET[i])]!;
      });
    case 'runendencoded': {
      const ends = column.children![0]!.DATA!.map(Number);
      return masked(column, (i) => children[1]![ends.findIndex((end) => end > i)]!);
    }
    case 'binaryview':
    case 'utf8view':
      return masked(column, (i) => viewCell(field.type.name, column, i));
    default:
      return masked(column, (i) => scalarCell(field.type, column.DATA![i]));
  }
}

type Entry = { readonly [name: string]: ExpectedCell };

function masked(column: IntegrationColumn, cell: (i: number) => ExpectedCell): ExpectedCell[] {
  const { VALIDITY: validity } = column;
  return Array.from({ length: Number(column.count) }, (_, i) =>
    validity !== undefined && Number(validity[i]) === 0 ? null : cell(i),
  );
}

function viewCell(typeName: string, column: IntegrationColumn, i: number): ExpectedCell {
  const view = column.VIEWS![i]!;
  const isText = typeName === 'utf8view';
  if (view.INLINED !== undefined) return scalarCell({ name: isText ? 'utf8' : 'binary' }, view.INLINED);
  const buffer = Buffer.from(column.VARIADIC_DATA_BUFFERS![Number(view.BUFFER_INDEX)]!, 'hex');
  const start = Number(view.OFFSET);
  const bytes = buffer.subarray(start, start + Number(view.SIZE));
  return isText ? `$${bytes.toString('utf8')}` : `$${bytes.toString('base64')}`;
}

/** Where two cells differ, as a path with both values; null where they are the same. `actual` is read by {@link parseKeepingDigits}. */
export function difference(expected: ExpectedCell, actual: unknown, path = ''): string | null {
  if (expected instanceof FloatCell)
    return sameFloat(expected, actual) ? null : shown(path, expected, actual);
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return shown(path, expected, actual);
    return firstDifference(expected.map((item, i) => difference(item, actual[i], `${path}[${i}]`)));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return shown(path, expected, actual);
    const names = Object.keys(expected);
    if (String(names) !== String(Object.keys(actual))) return shown(path, expected, actual);
    const found = actual as Readonly<Record<string, unknown>>;
    return firstDifference(
      names.map((name) => difference((expected as Entry)[name]!, found[name], `${path}.${name}`)),
    );
  }
  return expected === actual ? null : shown(path, expected, actual);
}

function firstDifference(differences: readonly (string | null)[]): string | null {
  return differences.find((found) => found !== null) ?? null;
}

function sameFloat({ value, bits }: FloatCell, actual: unknown): boolean {
  if (!Number.isFinite(value)) return actual === null;
  if (typeof actual !== 'string' || !actual.startsWith('#')) return false;
  const read = Number(actual.slice(1));
  return bits === 64 ? Object.is(read, value) : Math.fround(read) === Math.fround(value);
}

function shown(path: string, expected: ExpectedCell, actual: unknown): string {
  return `${path || 'the cell'} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
}
