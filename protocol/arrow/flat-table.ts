/**
 * Bytes that may still be read, of one FlatBuffer. Tables and texts may be named from several places, and tables of tables so
 * that few bytes stand for more than could ever be read.
 */
interface ReadBudget {
  leftBytes: number;
}
/** A table takes at least so many: its place in a vector, its own beginning, one field. */
const TABLE_BYTES = 12;

/**
 * Read access to one table of a FlatBuffer (flatbuffers.dev, "Internals").
 *
 * Every read goes through a DataView over the metadata's bytes alone, so an offset that points outside throws a
 * RangeError instead of reading something else. Fields are named by their slot: their position in the `.fbs` file,
 * a union counting twice (its type, then its value).
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #position: number;
  readonly #budget: ReadBudget;

  private constructor(view: DataView, position: number, budget: ReadBudget) {
    this.#view = view;
    this.#position = position;
    this.#budget = budget;
  }

  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true), { leftBytes: 65_536 + 4 * bytes.length });
  }

  /** Where the field's value lies; 0 where the field is absent. */
  #at(slot: number): number {
    const vtable = this.#position - this.#view.getInt32(this.#position, true);
    const offset = 4 + slot * 2;
    if (offset + 2 > this.#view.getUint16(vtable, true)) return 0;
    const relative = this.#view.getUint16(vtable + offset, true);
    return relative === 0 ? 0 : this.#position + relative;
  }

  #follow(at: number): number {
    return at + this.#view.getUint32(at, true);
  }

  bool(slot: number, absent = false): boolean {
    const at = this.#at(slot);
    return at === 0 ? absent : this.#view.getUint8(at) !== 0;
  }

  uint8(slot: number, absent = 0): number {
    const at = this.#at(slot);
    return at === 0 ? absent : this.#view.getUint8(at);
  }

  int16(slot: number, absent = 0): number {
    const at = this.#at(slot);
    return at === 0 ? absent : this.#view.getInt16(at, true);
  }

  int32(slot: number, absent = 0): number {
    const at = this.#at(slot);
    return at === 0 ? absent : this.#view.getInt32(at, true);
  }

  int64(slot: number, absent = 0): number {
    const at = this.#at(slot);
    return at === 0 ? absent : safeInt64(this.#view, at);
  }

  table(slot: number): FlatTable | null {
    const at = this.#at(slot);
    return at === 0 ? null : new FlatTable(this.#view, this.#follow(at), this.#budget);
  }

  text(slot: number): string | null {
    const at = this.#at(slot);
    if (at === 0) return null;
    const start = this.#follow(at);
    const length = this.#view.getUint32(start, true);
    return decoder.decode(new Uint8Array(this.#view.buffer, this.#inside(start + 4, length), length));
  }

  tables(slot: number): FlatTable[] {
    const { start, length } = this.vector(slot, 4);
    this.#spend(length * TABLE_BYTES);
    return Array.from(
      { length },
      (_, i) => new FlatTable(this.#view, this.#follow(start + i * 4), this.#budget),
    );
  }

  int32s(slot: number): number[] {
    const { start, length } = this.vector(slot, 4);
    return Array.from({ length }, (_, i) => this.#view.getInt32(start + i * 4, true));
  }

  int64s(slot: number): number[] {
    const { start, length } = this.vector(slot, 8);
    return Array.from({ length }, (_, i) => safeInt64(this.#view, start + i * 8));
  }

  /** A vector of inline elements of `elementBytes`; its start counts from the FlatBuffer's first byte. */
  vector(slot: number, elementBytes: number): { start: number; length: number } {
    const at = this.#at(slot);
    if (at === 0) return { start: 0, length: 0 };
    const start = this.#follow(at);
    const length = this.#view.getUint32(start, true);
    this.#inside(start + 4, length * elementBytes);
    return { start: start + 4, length };
  }

  /** The position of a scalar field, to be written over in place; 0 where the field is absent. */
  positionOf(slot: number): number {
    return this.#at(slot);
  }

  /** A 64-bit integer at a position that {@link vector} gave. */
  int64At(position: number): number {
    return safeInt64(this.#view, position);
  }

  #spend(bytes: number): void {
    this.#budget.leftBytes -= bytes;
    if (this.#budget.leftBytes < 0) throw new RangeError('The FlatBuffer names its parts too often.');
  }

  /** The range's offset in the ArrayBuffer; throws where it leaves the FlatBuffer. */
  #inside(start: number, length: number): number {
    if (start + length > this.#view.byteLength) throw new RangeError('A vector leaves the FlatBuffer.');
    this.#spend(length);
    return this.#view.byteOffset + start;
  }
}

// A byte order mark is kept, so that no two columns are one name.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function safeInt64(view: DataView, at: number): number {
  const value = view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  if (!Number.isSafeInteger(value)) throw new RangeError('A 64-bit integer is beyond 2^53.');
  return value;
}
