import { ERRORS, toTablecastError } from '../../protocol/errors.ts';
import { eventMessage } from './event-stream-message.ts';

/** What pictures a client wants; clients with the same `id` get the same ones. */
export interface ImageKind {
  readonly id: string;
  /** Draws the table's chart as it is now. @throws TablecastError why it cannot be drawn */
  readonly draw: (table: string) => Promise<DrawnImage>;
}

export interface DrawnImage {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly version: number;
}

export interface EventStreamImagesOptions {
  /** The version of the table's last change; what was drawn at it is still true. */
  readonly changed: (table: string) => number;
}

/** More drawings than this at once would only wait elsewhere. */
const MAX_DRAWING = 4;

interface Drawing {
  readonly id: string;
  readonly kind: ImageKind;
  readonly table: string;
  state: 'waiting' | 'drawing' | 'done';
  /** The table's last change when the drawing began. */
  changed: number;
  message: Buffer | null;
  takers: ((message: Buffer) => void)[];
  /** Whether anybody asked since the last {@link EventStreamImages.forgetUnused}. */
  used: boolean;
}

/**
 * Pictures of tables as `update_image` messages: each table, kind and version is drawn once for all who want it, and a
 * version that is over before its drawing begins is not drawn. What cannot be drawn is an `image_error` message.
 */
export class EventStreamImages {
  readonly #options: EventStreamImagesOptions;
  readonly #drawings = new Map<string, Drawing>();
  /** Those that wait for their turn, oldest first. */
  readonly #queue = new Set<Drawing>();
  /** The ids of those under way. */
  readonly #busy = new Set<string>();

  constructor(options: EventStreamImagesOptions) {
    this.#options = options;
  }

  /** Calls back with a message as of the table's present state, or a later one. */
  want(kind: ImageKind, table: string, take: (message: Buffer) => void): void {
    const id = `${table} ${kind.id}`;
    const known = this.#drawings.get(id);
    const fresh = known?.state === 'waiting' || known?.changed === this.#options.changed(table);
    const drawing = known !== undefined && fresh ? known : this.#enqueue(id, kind, table);
    drawing.used = true;
    if (drawing.message === null) drawing.takers.push(take);
    else take(drawing.message);
  }

  #enqueue(id: string, kind: ImageKind, table: string): Drawing {
    const drawing: Drawing = {
      id,
      kind,
      table,
      state: 'waiting',
      changed: -1,
      message: null,
      takers: [],
      used: true,
    };
    this.#drawings.set(id, drawing);
    this.#queue.add(drawing);
    queueMicrotask(() => this.#drawNext());
    return drawing;
  }

  #drawNext(): void {
    for (const drawing of this.#queue) {
      if (this.#busy.size >= MAX_DRAWING) return;
      // One table's next picture waits for the one under way, and is then of the newest version.
      if (this.#busy.has(drawing.id)) continue;
      this.#queue.delete(drawing);
      void this.#draw(drawing);
    }
  }

  async #draw(drawing: Drawing): Promise<void> {
    const { id, kind, table } = drawing;
    this.#busy.add(id);
    drawing.state = 'drawing';
    drawing.changed = this.#options.changed(table);
    drawing.message = await messageOf(kind, table);
    drawing.state = 'done';
    this.#busy.delete(id);
    const takers = drawing.takers;
    drawing.takers = [];
    for (const take of takers) take(drawing.message);
    this.#drawNext();
  }

  /** Lets go of pictures that nobody has asked for since the last call. */
  forgetUnused(): void {
    for (const [id, drawing] of this.#drawings) {
      if (drawing.state === 'done' && !drawing.used) this.#drawings.delete(id);
      drawing.used = false;
    }
  }
}

async function messageOf(kind: ImageKind, table: string): Promise<Buffer> {
  try {
    const { bytes, contentType, version } = await kind.draw(table);
    const mediaType = contentType.split(';')[0]!;
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    return eventMessage('update_image', { table, version, src: `data:${mediaType};base64,${base64}` });
  } catch (thrown) {
    const { code, message } = toTablecastError(thrown);
    const { status, meaning } = ERRORS[code];
    const problem = { type: 'about:blank', title: meaning, status, code, detail: message };
    return eventMessage('image_error', { table, ...problem });
  }
}
