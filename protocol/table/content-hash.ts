import { cellJson } from '../arrow/cell-text.ts';
import { type DataType, typeName } from '../arrow/data-type.ts';
import { bitAt, isNull, type Vector } from '../arrow/vector.ts';
import type { LiveTable } from './live-table.ts';

const READ_ROWS = 1 << 14;
const NULL_WORD = 0x6e756c6c;

/**
 * A hash of what a table holds: names, logical types, key, and every value in table order, 128 bits as 32 hexadecimal
 * digits. Equal tables have equal hashes however their rows came and lie in memory, so the gateway's table and a viewer's
 * replica can be compared without sending either. It guards against faults, not against forgery.
 */
export function contentHash(table: LiveTable): string {
  const { fields, key, rowCount } = table;
  const columns = fields.map(() => new Lanes());
  for (let start = 0; start < rowCount; start += READ_ROWS) {
    const wanted = fields.map((_, i) => i);
    for (const batch of table.read(wanted, start, start + READ_ROWS)) {
      fields.forEach((field, i) => {
        hashColumn(columns[i]!, field.type, batch.columns[i], batch.rowCount);
      });
    }
  }
  const whole = new Lanes();
  whole.addText(JSON.stringify([fields.map((field) => [field.name, typeName(field.type)]), key, rowCount]));
  for (const column of columns) for (const word of column.words()) whole.addWord(word);
  return [...whole.words()].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function hashColumn(lanes: Lanes, type: DataType, vector: Vector | undefined, rowCount: number): void {
  if (vector?.layout === 'fixed' && vector.width % 4 === 0) {
    const perValue = vector.width / 4;
    const words = new Int32Array(vector.bytes.buffer, vector.bytes.byteOffset, rowCount * perValue);
    for (let row = 0; row < rowCount; row++) {
      const valid = vector.validity === null || bitAt(vector.validity, row);
      lanes.addWord(valid ? 1 : NULL_WORD);
      if (valid) for (let w = 0; w < perValue; w++) lanes.addWord(words[row * perValue + w]!);
    }
  } else if (vector?.layout === 'bytes') {
    for (let row = 0; row < rowCount; row++) {
      if (isNull(vector, row)) lanes.addWord(NULL_WORD);
      else lanes.addBytes(vector.data.subarray(vector.offsets[row]!, vector.offsets[row + 1]!));
    }
  } else {
    for (let row = 0; row < rowCount; row++) {
      if (isNull(vector, row)) lanes.addWord(NULL_WORD);
      else lanes.addText(cellJson(type, vector, row));
    }
  }
}

/** Four 32-bit lanes, each mixing every word with its own constants (after MurmurHash3). */
class Lanes {
  #a = 0x243f6a88;
  #b = 0x85a308d3;
  #c = 0x13198a2e;
  #d = 0x03707344;

  addWord(word: number): void {
    this.#a = mix(this.#a, word, 0xcc9e2d51);
    this.#b = mix(this.#b, word, 0x1b873593);
    this.#c = mix(this.#c, this.#a ^ word, 0x85ebca6b);
    this.#d = mix(this.#d, this.#b ^ word, 0xc2b2ae35);
  }

  addBytes(bytes: Uint8Array): void {
    this.addWord(bytes.length);
    for (const byte of bytes) this.addWord(byte);
  }

  addText(text: string): void {
    this.addBytes(new TextEncoder().encode(text));
  }

  words(): number[] {
    return [this.#a, this.#b, this.#c, this.#d];
  }
}

function mix(hash: number, word: number, factor: number): number {
  let k = Math.imul(word ^ 0x5bd1e995, factor);
  k = (k << 15) | (k >>> 17);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}
