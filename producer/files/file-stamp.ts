import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** Of the beginning and of the end of what was read. */
const PROBE_BYTES = 4096;

/** Which file lies at a path, and as what it stands there. */
export interface FileStamp {
  readonly inode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export function stampOf({ ino, size, mtimeMs }: Stats): FileStamp {
  return { inode: ino, sizeBytes: size, modifiedMs: mtimeMs };
}

export function isSameStamp(a: FileStamp | null, b: FileStamp | null): boolean {
  if (a === null || b === null) return a === b;
  return a.inode === b.inode && a.sizeBytes === b.sizeBytes && a.modifiedMs === b.modifiedMs;
}

/** Some of the first `readBytes`: a file that is larger now, and has the same there, is taken for the same file with more at its end. */
export async function readProbe(file: FileHandle, readBytes: number): Promise<Buffer> {
  const length = Math.min(PROBE_BYTES, readBytes);
  const probe = Buffer.alloc(length * 2);
  await file.read(probe, 0, length, 0);
  await file.read(probe, length, length, readBytes - length);
  return probe;
}
