import { TablecastError } from '../../protocol/errors.ts';

export const FILE_FORMATS = ['csv', 'tsv', 'json', 'ndjson', 'arrow', 'parquet'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];
export type Compression = 'gzip' | 'zstd';

/** How much of an input tells its format. */
export const SAMPLE_BYTES = 64 * 1024;

const EXTENSIONS: ReadonlyMap<string, FileFormat> = new Map([
  ['csv', 'csv'],
  ['tsv', 'tsv'],
  ['tab', 'tsv'],
  ['json', 'json'],
  ['ndjson', 'ndjson'],
  ['jsonl', 'ndjson'],
  ['arrow', 'arrow'],
  ['arrows', 'arrow'],
  ['feather', 'arrow'],
  ['ipc', 'arrow'],
  ['parquet', 'parquet'],
  ['pq', 'parquet'],
]);

const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
const PARQUET = [0x50, 0x41, 0x52, 0x31];
const ARROW_FILE = [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31];
const ARROW_MESSAGE = [0xff, 0xff, 0xff, 0xff];

/** Formats by their first bytes that are not taken, and what to do with them. */
const REFUSED: readonly { readonly magic: readonly number[]; readonly advice: string }[] = [
  { magic: [0x50, 0x4b, 0x03, 0x04], advice: 'a zip file or workbook is not supported; save it as CSV' },
  { magic: [0x46, 0x45, 0x41, 0x31], advice: 'Feather version 1 is not supported; write version 2' },
  { magic: [0xff, 0xfe], advice: 'UTF-16 is not supported; save it as UTF-8' },
  { magic: [0xfe, 0xff], advice: 'UTF-16 is not supported; save it as UTF-8' },
  { magic: [0x42, 0x5a, 0x68], advice: 'bzip2 is not supported; pipe what bzip2 -dc writes to "-"' },
  {
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    advice: 'xz is not supported; pipe what xz -dc writes to "-"',
  },
];

/** What the bytes are compressed with, by how they begin. */
export function compressionOf(head: Uint8Array): Compression | null {
  if (beginsWith(head, GZIP)) return 'gzip';
  return beginsWith(head, ZSTD) ? 'zstd' : null;
}

/**
 * The format of an input: what its first bytes say, where they say something, else its name's extension, else what the text looks like.
 *
 * @param name the file's, or `-`
 * @throws TablecastError `unsupported_media_type`, which names the format
 */
export function fileFormat(name: string, sample: Uint8Array): FileFormat {
  const refused = REFUSED.find(({ magic }) => beginsWith(sample, magic));
  if (refused !== undefined) throw unsupported(name, refused.advice);
  if (beginsWith(sample, PARQUET)) return 'parquet';
  if (beginsWith(sample, ARROW_FILE) || beginsWith(sample, ARROW_MESSAGE)) return 'arrow';
  const extension = /\.([^.]+)$/.exec(name.toLowerCase().replace(/\.(gz|zst|zstd)$/, ''))?.[1] ?? '';
  const named = EXTENSIONS.get(extension);
  if (named === 'arrow' || named === 'parquet') return named;
  if (sample.includes(0))
    throw unsupported(name, 'it is no text; send CSV, TSV, JSON, NDJSON, Arrow or Parquet');
  // NDJSON often goes by the name of JSON.
  return named === undefined || named === 'json' ? formatOfText(sample, named) : named;
}

function formatOfText(sample: Uint8Array, named: FileFormat | undefined): FileFormat {
  const text = new TextDecoder().decode(sample).trimStart();
  if (text.startsWith('[')) return 'json';
  if (text.startsWith('{')) return isWholeObject(text) ? 'ndjson' : 'json';
  if (named !== undefined) return named;
  const [header = ''] = text.split('\n', 1);
  return count(header, '\t') > count(header, ',') ? 'tsv' : 'csv';
}

/** Whether the first line is an object of its own that is not all of an object of columns. */
function isWholeObject(text: string): boolean {
  const lineEnd = text.indexOf('\n');
  const line = lineEnd < 0 ? text : text.slice(0, lineEnd);
  try {
    const value: unknown = JSON.parse(line);
    const isAlone = lineEnd < 0 || text.slice(lineEnd).trim() === '';
    return !isAlone || !Object.values(value as object).every(Array.isArray);
  } catch {
    return false;
  }
}

function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function unsupported(name: string, advice: string): TablecastError {
  return new TablecastError(
    'unsupported_media_type',
    `${name === '-' ? 'The standard input' : name}: ${advice}.`,
  );
}
