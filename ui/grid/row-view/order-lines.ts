import { cellText } from '../../../protocol/arrow/cell-text.ts';
import { type AggregateValue, aggregateValue, meanOf, NO_AGGREGATE } from './aggregate-value.ts';
import type { GroupNode } from './group-node.ts';
import type { GroupLine, Lines } from './lines.ts';
import type { Order } from './order.ts';
import { type Grouping, groupPath } from './view-spec.ts';

type Expanded = Grouping['expanded'];

/** The lines of an order: its rows, or its groups and the rows of those that are expanded. */
export class OrderLines implements Lines {
  readonly isPlain = false;
  readonly depth: number;
  readonly order: Order;
  #expanded: Expanded;
  /** Groups that have a line, by line; made when needed. */
  #nodes: GroupNode[] | null = null;
  #count = 0;

  constructor(order: Order, expanded: Expanded) {
    this.order = order;
    this.depth = order.plan.groupColumns.length;
    this.#expanded = expanded;
  }

  /** Rows or groups may have come or gone, or others are expanded. */
  renew(expanded: Expanded = this.#expanded): void {
    for (const node of this.#nodes ?? []) node.line = -1;
    this.#expanded = expanded;
    this.#nodes = null;
  }

  get matchCount(): number {
    return this.order.blocks.count;
  }

  get count(): number {
    if (this.order.tree === null) return this.order.blocks.count;
    this.#findNodes();
    return this.#count;
  }

  idAt(index: number): number {
    const { blocks, tree } = this.order;
    if (tree === null) return blocks.at(index);
    const node = this.#nodeAt(index);
    return node.line === index ? -1 : blocks.at(node.firstRow + index - node.line - 1);
  }

  ids(): Float64Array {
    const { blocks, tree } = this.order;
    const ids = new Float64Array(this.count).fill(-1);
    if (tree === null) ids.set(blocks.slice(0, ids.length));
    for (const node of this.#findNodes()) {
      if (node.leaf < 0 || !this.#isExpanded(node)) continue;
      ids.set(blocks.slice(node.firstRow, node.firstRow + node.rowCount), node.line + 1);
    }
    return ids;
  }

  matchingIds(): Float64Array {
    const { blocks } = this.order;
    return new Float64Array(blocks.slice(0, blocks.count));
  }

  indexOfId(id: number): number {
    const { blocks, tree } = this.order;
    if (!this.order.has(id)) return -1;
    if (tree === null) return blocks.placeOf(id);
    this.#findNodes();
    const leaf = tree.leafOf(id);
    if (leaf.line < 0 || !this.#isExpanded(leaf)) return -1;
    return leaf.line + 1 + blocks.placeOf(id) - leaf.firstRow;
  }

  indexOfGroup(path: string): number {
    return this.#findNodes().find((node) => node.path === path)?.line ?? -1;
  }

  groupAt(index: number): GroupLine | null {
    if (this.order.tree === null) return null;
    const node = this.#nodeAt(index);
    if (node.line !== index) return null;
    return {
      type: 'group',
      path: node.path,
      depth: node.depth,
      column: this.order.plan.groupColumns[node.depth]!.field.name,
      text: node.texts?.at(-1) ?? null,
      rowCount: node.rowCount,
      isExpanded: this.#isExpanded(node),
      aggregates: this.order.plan.aggregates.map((_, i) => this.#aggregate(node, i)),
    };
  }

  pathAt(index: number): string | null {
    if (this.order.tree === null) return null;
    const node = this.#nodeAt(index);
    return node.line === index ? node.path : null;
  }

  /** The last group whose line is at or before the index. */
  #nodeAt(index: number): GroupNode {
    const nodes = this.#findNodes();
    let low = 0;
    let high = nodes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (nodes[middle]!.line <= index) low = middle;
      else high = middle - 1;
    }
    return nodes[low]!;
  }

  #isExpanded(node: GroupNode): boolean {
    return this.#expanded === 'all' || this.#expanded.has(node.path);
  }

  #findNodes(): GroupNode[] {
    if (this.#nodes !== null || this.order.tree === null) return this.#nodes ?? [];
    const nodes: GroupNode[] = [];
    this.#count = this.#place(this.order.tree.root, nodes, 0, 0);
    this.#nodes = nodes;
    return nodes;
  }

  /** Gives the groups in a group their lines from `line` on, their rows beginning with `firstRow`; the line after them. */
  #place(parent: GroupNode, nodes: GroupNode[], line: number, firstRow: number): number {
    let next = line;
    let row = firstRow;
    for (const node of parent.children) {
      node.line = next++;
      node.firstRow = row;
      if (node.texts === null) this.#describe(node);
      nodes.push(node);
      if (this.#isExpanded(node))
        next = node.leaf >= 0 ? next + node.rowCount : this.#place(node, nodes, next, row);
      row += node.rowCount;
    }
    return next;
  }

  /** What the group is called: its rows have that value, so the first one does. */
  #describe(node: GroupNode): void {
    const { rows, blocks, plan } = this.order;
    const { column, field } = plan.groupColumns[node.depth]!;
    rows.refresh();
    const isThere = rows.seek(blocks.at(node.firstRow));
    const text = isThere ? cellText(field.type, rows.columns[column], rows.at) : null;
    // Both zeros are one group.
    const shown = field.type.kind === 'float' && text === '-0.0' ? '0.0' : text;
    node.texts = [...(node.parent?.texts ?? []), shown];
    node.path = groupPath(node.texts);
  }

  #aggregate(node: GroupNode, index: number): AggregateValue {
    const aggregate = this.order.plan.aggregates[index];
    const place = this.order.aggregated.places[index]!;
    const totals = node.totals[place];
    if (aggregate === null || aggregate === undefined || totals === undefined) return NO_AGGREGATE;
    const { fn, type } = aggregate;
    if (fn === 'count') return aggregateValue(type, fn, totals.count);
    const values = () => this.#values(node, place);
    const result = fn === 'min' || fn === 'max' ? totals.extreme(fn, values) : totals.sum(values);
    if (result === null) return NO_AGGREGATE;
    return aggregateValue(type, fn, fn === 'mean' ? meanOf(type, result, totals.count) : result);
  }

  *#values(node: GroupNode, place: number): Generator<number | bigint> {
    const { aggregated, blocks, index } = this.order;
    for (const id of blocks.slice(node.firstRow, node.firstRow + node.rowCount)) {
      const value = aggregated.all[place]!.stored(id & index.mask);
      if (value !== null) yield value;
    }
  }
}
