import type { Stats } from 'node:fs';

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
