import type { RowAccess } from '../../../protocol/table/row-access.ts';
import type { AggregatedColumn } from './aggregated-column.ts';
import { GroupNode } from './group-node.ts';
import { type IdArray, type IdIndex, type Kept, renumberValues, resized } from './id-index.ts';
import type { SortKeys } from './sort-keys.ts';

/** More groups than this are no overview, and each costs a few hundred bytes. */
export const MAX_GROUPS = 100_000;

export interface GroupTreeOptions {
  readonly index: IdIndex;
  /** The group columns' keys. */
  readonly keys: readonly SortKeys[];
  readonly aggregated: readonly AggregatedColumn[];
}

/** Rows right before and after one in the order of rows, -1 for none. */
export interface Neighbours {
  readonly before: number;
  readonly after: number;
}

/**
 * The groups that rows stand in, with their counts and totals. Rows are ordered by the group columns first, so a group is
 * consecutive rows, and a row's group is found by its neighbours.
 */
export class GroupTree implements IdArray {
  readonly root: GroupNode;
  readonly #options: GroupTreeOptions;
  readonly #leaves: GroupNode[] = [];
  readonly #freeLeaves: number[] = [];
  #leafOf: Uint32Array = new Uint32Array(0);
  #groupCount = 0;

  constructor(options: GroupTreeOptions) {
    this.#options = options;
    this.root = new GroupNode(null, []);
    options.index.attach(this);
  }

  get isOverfull(): boolean {
    return this.#groupCount > MAX_GROUPS;
  }

  leafOf(id: number): GroupNode {
    return this.#leaves[this.#leafOf[id & this.#options.index.mask]!]!;
  }

  /** Takes in a row that now is in order, by its stored values. */
  insert(id: number, { before, after }: Neighbours): void {
    this.#add(id, this.#findLeaf(id, before, after));
  }

  #findLeaf(id: number, before: number, after: number): GroupNode {
    const depth = this.#options.keys.length;
    const commonBefore = before < 0 ? -1 : this.#common(id, before);
    if (commonBefore === depth) return this.leafOf(before);
    const commonAfter = after < 0 ? -1 : this.#common(id, after);
    if (commonAfter === depth) return this.leafOf(after);
    const common = Math.max(commonBefore, commonAfter, 0);
    if (commonBefore === common) {
      const sibling = this.leafOf(before).at(common);
      const { children } = sibling.parent!;
      return this.#newBranch(sibling.parent!, children.lastIndexOf(sibling) + 1);
    }
    if (commonAfter !== common) return this.#newBranch(this.root, 0);
    const sibling = this.leafOf(after).at(common);
    return this.#newBranch(sibling.parent!, sibling.parent!.children.indexOf(sibling));
  }

  /** How many group columns' keys two rows have in common, from the outermost one on. */
  #common(a: number, b: number): number {
    const { keys, index } = this.#options;
    let common = 0;
    while (common < keys.length && keys[common]!.compare(a & index.mask, b & index.mask) === 0) common++;
    return common;
  }

  /** New groups from a child of `parent` at `place` inwards; the innermost one. */
  #newBranch(parent: GroupNode, place: number): GroupNode {
    let node = parent;
    while (node.depth + 1 < this.#options.keys.length) {
      const totals = this.#options.aggregated.map((column) => column.createTotals());
      const child = new GroupNode(node, totals);
      node.children.splice(node === parent ? place : 0, 0, child);
      node = child;
      this.#groupCount++;
    }
    node.leaf = this.#freeLeaves.pop() ?? this.#leaves.length;
    this.#leaves[node.leaf] = node;
    return node;
  }

  #add(id: number, leaf: GroupNode): void {
    const at = id & this.#options.index.mask;
    this.#leafOf[at] = leaf.leaf;
    for (let node: GroupNode | null = leaf; node !== null; node = node.parent) node.rowCount++;
    for (const column of this.#options.aggregated) column.add(at, leaf);
  }

  remove(id: number): void {
    const at = id & this.#options.index.mask;
    const leaf = this.leafOf(id);
    for (const column of this.#options.aggregated) column.remove(at, leaf);
    for (let node: GroupNode | null = leaf; node !== null; node = node.parent) {
      node.rowCount--;
      if (node.rowCount === 0 && node.parent !== null) this.#drop(node, node.parent);
    }
  }

  #drop(node: GroupNode, parent: GroupNode): void {
    parent.children.splice(parent.children.indexOf(node), 1);
    this.#groupCount--;
    if (node.leaf < 0) return;
    this.#freeLeaves.push(node.leaf);
  }

  /** A row that stays where it is may have other values; `rows` was put to it. */
  update(id: number, rows: RowAccess): void {
    const { aggregated, index } = this.#options;
    const leaf = this.leafOf(id);
    for (const column of aggregated) column.replace(rows, id & index.mask, leaf);
  }

  resize(capacity: number, kept?: Kept): void {
    this.#leafOf = resized(this.#leafOf, new Uint32Array(capacity), kept);
  }

  renumber(renumbered: Uint32Array): void {
    renumberValues(this.#leafOf, renumbered);
  }
}
