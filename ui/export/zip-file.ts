import { createCrc32 } from './crc32.ts';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
/** Deflate came with version 2.0. */
const VERSION = 20;
const UTF8_NAMES = 1 << 11;
const DEFLATE = 8;
/** 1 January 1980, the earliest: equal content gives an equal file. */
const DATE = 0x0021;
const MAX_BYTES = 0xffffffff;

interface Entry {
  readonly fields: readonly (readonly ['u16' | 'u32', number])[];
  readonly name: Uint8Array<ArrayBuffer>;
  readonly offset: number;
}

/** One file of a ZIP archive while it is written. */
export interface ZipEntry {
  /** Settles when the compressor has taken the text in. */
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

/** A ZIP archive (PKWARE APPNOTE 6.3, without ZIP64) whose entries are written one after the other, each compressed as it comes. */
export class ZipFile {
  readonly #parts: Blob[] = [];
  readonly #entries: Entry[] = [];
  #bytes = 0;

  open(name: string): ZipEntry {
    const deflate = new CompressionStream('deflate-raw');
    const writer = deflate.writable.getWriter();
    const compressed = new Response(deflate.readable).blob();
    // A failure is told by `end`, which awaits it.
    compressed.catch(() => {});
    const encoder = new TextEncoder();
    const crc = createCrc32();
    let size = 0;
    return {
      async write(text) {
        const bytes = encoder.encode(text);
        crc.add(bytes);
        size += bytes.length;
        await writer.write(bytes);
      },
      end: async () => {
        await writer.close();
        this.#add(name, crc.value(), size, await compressed);
      },
    };
  }

  async text(name: string, text: string): Promise<void> {
    const entry = this.open(name);
    await entry.write(text);
    await entry.end();
  }

  finish(type: string): Blob {
    const directory = this.#entries.map(({ fields, name, offset }) => {
      const header = [['u32', CENTRAL_HEADER], ['u16', VERSION], ...fields] as const;
      const place = [...zeros(3), ['u32', 0], ['u32', offset]] as const;
      return new Blob([record([...header, ...place]), name]);
    });
    const directoryBytes = directory.reduce((bytes, part) => bytes + part.size, 0);
    const count = this.#entries.length;
    const end = record([
      ['u32', END_OF_DIRECTORY],
      ...zeros(2),
      ['u16', count],
      ['u16', count],
      ['u32', directoryBytes],
      ['u32', this.#bytes],
      ...zeros(1),
    ]);
    return new Blob([...this.#parts, ...directory, end], { type });
  }

  #add(entryName: string, crc: number, size: number, compressed: Blob): void {
    if (size > MAX_BYTES || this.#bytes + compressed.size > MAX_BYTES) {
      throw new RangeError(`"${entryName}" is larger than a ZIP file holds (4 GiB).`);
    }
    const name = new TextEncoder().encode(entryName);
    const fields = [
      ['u16', VERSION],
      ['u16', UTF8_NAMES],
      ['u16', DEFLATE],
      ['u16', 0],
      ['u16', DATE],
      ['u32', crc],
      ['u32', compressed.size],
      ['u32', size],
      ['u16', name.length],
      ['u16', 0],
    ] as const;
    const part = new Blob([record([['u32', LOCAL_HEADER], ...fields]), name, compressed]);
    this.#entries.push({ fields, name, offset: this.#bytes });
    this.#parts.push(part);
    this.#bytes += part.size;
  }
}

function zeros(count: number): ['u16', number][] {
  return Array.from({ length: count }, () => ['u16', 0]);
}

/** Numbers as ZIP records have them, little-endian. */
function record(fields: readonly (readonly ['u16' | 'u32', number])[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fields.reduce((size, [width]) => size + (width === 'u16' ? 2 : 4), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 'u16') view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width === 'u16' ? 2 : 4;
  }
  return bytes;
}
