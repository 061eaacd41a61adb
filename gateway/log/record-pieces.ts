import { crc32 } from 'node:zlib';
import type { Database, Transaction } from 'lmdb';
import { TablecastError } from '../../protocol/errors.ts';

/** Records in a row, in one buffer. */
export interface RecordPage {
  readonly buffer: Uint8Array<ArrayBuffer>;
  /** Where each record begins, a multiple of 8, and ends. */
  readonly spans: readonly (readonly [start: number, end: number])[];
  /** The number of the first. */
  readonly first: number;
}

/** The series's parts of a record's key come before its number: none for the log, a snapshot's id for its records. */
export type Series = readonly number[];
export type PieceDb = Database<Buffer, number[]>;

/** What to read, its name for people, and the moment to read it at, where that is not the present one. */
export interface ReadSeries {
  readonly series: Series;
  readonly what: string;
  readonly view: { readonly transaction?: Transaction };
}

/** Large values need as many free pages side by side, so records are stored in pieces of at most so many bytes. */
export const PIECE_BYTES = 1024 * 1024;
/** Before each piece: CRC-32 of the rest, seeded with its place; how many pieces of its record follow. */
const PREFIX_BYTES = 8;

/** Stores a record under `[...series, number, piece]`; within a transaction, and after all records of lower numbers. */
export function putRecord(
  db: PieceDb,
  series: Series,
  number: number,
  bytes: Uint8Array,
  scratch: Buffer,
): void {
  const count = Math.max(1, Math.ceil(bytes.length / PIECE_BYTES));
  for (let piece = 0; piece < count; piece++) {
    const part = bytes.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
    const value = scratch.subarray(0, PREFIX_BYTES + part.length);
    value.writeUInt32LE(count - 1 - piece, 4);
    value.set(part, PREFIX_BYTES);
    value.writeUInt32LE(checksum(value, number, piece), 0);
    const isPut: unknown = db.putSync([...series, number, piece], value, { append: true });
    if (isPut === false) throw new Error(`Record ${number} does not come after those that are stored.`);
  }
}

export function createScratch(): Buffer {
  return Buffer.allocUnsafeSlow(PREFIX_BYTES + PIECE_BYTES);
}

function checksum(value: Buffer, number: number, piece: number): number {
  return crc32(value.subarray(4), (Math.imul(number, 0x9e3779b1) ^ piece) >>> 0);
}

/**
 * The records from a number on, about `maxBytes` of them and at least one; none where there are no more.
 *
 * @throws TablecastError `data_dir_damaged` where a checksum is wrong, or a record or piece is missing
 */
export function readPage(
  db: PieceDb,
  { series, what, view }: ReadSeries,
  from: number,
  maxBytes: number,
): RecordPage {
  const records: Buffer[][] = [];
  let bytes = 0;
  let number = from;
  let pieces: Buffer[] = [];
  const end = series.length === 0 ? {} : { end: [...series.slice(0, -1), series.at(-1)! + 1] };
  for (const { key, value } of db.getRange({ start: [...series, from, 0], ...end, ...view })) {
    const [keyNumber = -1, keyPiece = -1] = key.slice(series.length);
    const place = `${what} ${keyNumber}`;
    if (keyNumber !== number || keyPiece !== pieces.length) throw missing(`${what} ${number}`);
    if (value.length < PREFIX_BYTES || value.readUInt32LE(0) !== checksum(value, keyNumber, keyPiece))
      throw new TablecastError('data_dir_damaged', `The checksum of ${place} is wrong.`);
    pieces.push(value.subarray(PREFIX_BYTES));
    bytes += value.length;
    if (value.readUInt32LE(4) > 0) continue;
    records.push(pieces);
    pieces = [];
    number++;
    if (bytes >= maxBytes) break;
  }
  if (pieces.length > 0) throw missing(`the end of ${what} ${number}`);
  return joined(records, from);
}

function missing(place: string): TablecastError {
  return new TablecastError('data_dir_damaged', `${place[0]!.toUpperCase()}${place.slice(1)} is missing.`);
}

function joined(records: readonly (readonly Buffer[])[], first: number): RecordPage {
  const spans: [number, number][] = [];
  let at = 0;
  for (const pieces of records) {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    spans.push([at, at + length]);
    at = Math.ceil((at + length) / 8) * 8;
  }
  const buffer = new Uint8Array(at);
  records.forEach((pieces, i) => {
    let to = spans[i]![0];
    for (const piece of pieces) {
      buffer.set(piece, to);
      to += piece.length;
    }
  });
  return { buffer, spans, first };
}

/** Keys that are looked up at a time. */
const REMOVED_AT_ONCE = 512;

/** Removes pieces whose keys lie in a range until all are gone or it is `endMs`, within a transaction; whether any was there. */
export function removeRange(
  db: PieceDb,
  range: { readonly start: number[] } | { readonly end: number[] },
  endMs: number,
): boolean {
  let removed = false;
  do {
    const keys = [...db.getKeys({ ...range, limit: REMOVED_AT_ONCE })];
    for (const key of keys) db.removeSync(key);
    if (keys.length === 0) break;
    removed = true;
  } while (performance.now() < endMs);
  return removed;
}
