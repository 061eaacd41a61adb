import type { Field } from '../../../protocol/arrow/data-type.ts';
import type { LiveTable } from '../../../protocol/table/live-table.ts';
import { type IdChanges, RowAccess } from '../../../protocol/table/row-access.ts';
import { freezeLines, freezePlaces, renumberLines } from './freeze-lines.ts';
import { findInTableOrder, HeldLine } from './held-line.ts';
import { FrozenLines, type Lines, NO_LINES, PlainLines } from './lines.ts';
import type { Order } from './order.ts';
import { OrderBuild } from './order-build.ts';
import { OrderLines } from './order-lines.ts';
import { planUngrouped, planView, sameFields, type ViewPlan } from './view-plan.ts';
import { type Grouping, PLAIN_SPEC, type SpecProblem, type ViewSpec } from './view-spec.ts';
import type { RowViewOptions, ViewUpdate } from './view-update.ts';
import { WrittenIds } from './written-ids.ts';

const SMALL_ROWS = 20_000;
const SLICE_MS = 8;
/** A build that had to begin again gets slices twice as long, so often at most. */
const MAX_DOUBLINGS = 7;
const NOTHING_EXPANDED: ReadonlySet<string> = new Set();
const NOTHING_MOVED: ReadonlySet<number> = new Set();

/** Of one update: what it changed so far. */
interface Step {
  isMoved: boolean;
  isAnother: boolean;
  readonly gone: Uint32Array[];
  renumbered: Uint32Array | null;
}

/** What a view shows and how it gets from one version, or spec, to the next. */
export class ViewState {
  readonly #options: RowViewOptions;
  rows: RowAccess | null = null;
  fields: readonly Field[] = [];
  lines: Lines = NO_LINES;
  readonly written = new WrittenIds();
  #plan: ViewPlan = planView(PLAIN_SPEC, []);
  #spec: ViewSpec = PLAIN_SPEC;
  /** A plan with so many groups that it is shown without them. */
  #overfullId: string | null = null;
  #build: OrderBuild | null = null;
  #restarts = 0;
  #isScheduled = false;
  /** Taken by slices of a build since the last update. */
  #early: IdChanges[] = [];
  #expanded: Grouping['expanded'] = NOTHING_EXPANDED;
  #shownCount = 0;

  constructor(options: RowViewOptions) {
    this.#options = options;
  }

  get isBuilding(): boolean {
    return this.#build !== null;
  }

  get problems(): readonly SpecProblem[] {
    return this.#plan.problems;
  }

  get bytes(): number {
    return this.lines instanceof OrderLines ? this.lines.order.bytes : 0;
  }

  update(spec: ViewSpec, hold: number): ViewUpdate {
    const held = new HeldLine(this.lines, hold);
    const countBefore = this.#shownCount;
    const step: Step = { isMoved: false, isAnother: false, gone: [], renumbered: null };
    this.written.clear();
    const table = this.#options.read();
    if (table === undefined) this.#leaveTable(step);
    else {
      if (this.rows?.rows !== table.rows) this.#beginAnew(table, step);
      this.#takeSpec(spec, table.fields, step, this.#followChanges(step));
      this.#finishBuild(step);
    }
    this.#shownCount = this.lines.count;
    return {
      isMoved: step.isMoved || step.isAnother || countBefore !== this.#shownCount,
      isAnother: step.isAnother,
      heldAt: step.isAnother ? hold : this.#heldAt(held, hold, step),
    };
  }

  #heldAt(held: HeldLine, hold: number, { gone, renumbered }: Step): number {
    if (this.lines.isPlain && this.rows !== null) return findInTableOrder(this.rows, hold, gone);
    return held.find(this.lines, this.#order?.moved ?? NOTHING_MOVED, renumbered);
  }

  get #order(): Order | null {
    return this.lines instanceof OrderLines ? this.lines.order : null;
  }

  #leaveTable(step: Step): void {
    if (this.rows === null) return;
    this.close();
    this.rows = null;
    this.lines = NO_LINES;
    step.isAnother = true;
  }

  /** All rows are others: until the build is done, the places of those before are shown, if they may mean something. */
  #beginAnew(table: LiveTable, step: Step): void {
    const before = this.rows;
    const rows = new RowAccess(table.rows);
    before?.close();
    const isAlike =
      before !== null && !this.lines.isPlain && sameFields(this.fields, table.fields) && !this.#plan.isPlain;
    this.lines = isAlike ? freezePlaces(this.lines, before, rows) : new PlainLines(rows);
    this.rows = rows;
    this.#early = [];
    this.#overfullId = null;
    // Tests remember where they last read, so rows that are others need others.
    this.#startBuild(this.#planFor(this.#spec, this.fields));
    step.isAnother = true;
  }

  #startBuild(plan: ViewPlan): void {
    this.#restarts = this.#build === null || this.#build.plan.id !== plan.id ? 0 : this.#restarts + 1;
    this.#plan = plan;
    this.#build = plan.isPlain || this.rows === null ? null : new OrderBuild(plan, this.rows);
  }

  /** Brings lines and build to the table's rows as they are; whether a new build must begin. */
  #followChanges(step: Step): boolean {
    const rows = this.rows!;
    const changes = rows.takeChanges();
    const early = this.#early;
    this.#early = [];
    rows.refresh();
    this.#order?.moved.clear();
    let mustBuild = false;
    for (const part of [...early, changes]) {
      this.written.add(part.written);
      step.gone.push(part.gone);
      if (part.renumbered !== null) this.#renumber(part.renumbered, step);
      const isMuch = part.isLost || part.gone.length + part.written.length > mostTouched(rows.span);
      if (part.isLost || part.renumbered !== null) mustBuild ||= this.#build !== null;
      if (isMuch && this.#order !== null) {
        this.#freeze(step);
        mustBuild = true;
      } else this.#touch(part, step);
    }
    this.#build?.note(changes);
    return mustBuild;
  }

  #renumber(renumbered: Uint32Array, step: Step): void {
    step.renumbered = renumbered;
    this.#order?.renumber(renumbered);
    if (this.lines instanceof FrozenLines) this.lines = renumberLines(this.lines, renumbered);
  }

  #touch({ gone, written }: IdChanges, step: Step): void {
    const order = this.#order;
    if (order !== null) {
      order.removeGone(gone);
      order.makeRoom();
      for (const id of written) order.touch(id);
      step.isMoved ||= order.moved.size > 0;
    } else if (gone.length > 0 && this.lines instanceof FrozenLines) this.#freeze(step);
  }

  /** Keeps what is shown as it is, but for rows that went. */
  #freeze(step: Step): void {
    if (this.lines instanceof OrderLines) this.lines.renew();
    this.lines = freezeLines(this.lines, this.rows!);
    step.isMoved = true;
  }

  #takeSpec(spec: ViewSpec, fields: readonly Field[], step: Step, mustBuild: boolean): void {
    const isOther = spec !== this.#spec || fields !== this.fields;
    this.#spec = spec;
    this.fields = fields;
    const isOverfull = this.#order?.tree?.isOverfull ?? false;
    if (isOverfull) this.#overfullId = this.#order!.plan.id;
    const plan = isOther || isOverfull ? this.#planFor(spec, fields) : this.#plan;
    const isSame = plan.id === this.#plan.id;
    if (!isSame || mustBuild) {
      if (this.#order !== null) this.#freeze(step);
      this.#startBuild(isSame ? this.#plan : plan);
    }
    if (!isSame && plan.isPlain) {
      this.lines = new PlainLines(this.rows!);
      step.isAnother = true;
    }
    const expanded = spec.group?.expanded ?? NOTHING_EXPANDED;
    if (this.lines instanceof OrderLines) {
      step.isMoved ||= expanded !== this.#expanded;
      if (step.isMoved) this.lines.renew(expanded);
    }
    this.#expanded = expanded;
  }

  #planFor(spec: ViewSpec, fields: readonly Field[]): ViewPlan {
    const plan = planView(spec, fields);
    return plan.id === this.#overfullId ? planUngrouped(spec, fields) : plan;
  }

  /** Small tables are built at once; a build in slices that has only to catch up may be shown now. */
  #finishBuild(step: Step): void {
    const build = this.#build;
    if (build === null) return;
    const isSmall = build.rows.span <= (this.#options.smallRows ?? SMALL_ROWS);
    const endMs = this.#options.nowMs() + SLICE_MS;
    const mayGoOn = () => isSmall || this.#options.nowMs() < endMs;
    const order = isSmall || build.isMade ? build.run(mayGoOn) : null;
    if (order === null) return this.#schedule();
    this.#build = null;
    this.#restarts = 0;
    order.moved.clear();
    step.isAnother = true;
    if (order.tree?.isOverfull === true) {
      this.#overfullId = order.plan.id;
      this.#startBuild(this.#planFor(this.#spec, this.fields));
      if (this.#plan.isPlain) this.lines = new PlainLines(build.rows);
      return this.#finishBuild(step);
    }
    this.lines = new OrderLines(order, this.#expanded);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.schedule(() => this.#slice());
  }

  #slice(): void {
    this.#isScheduled = false;
    const build = this.#build;
    if (build === null) return;
    if (this.#options.read()?.rows !== build.rows.rows) return this.#options.onReady();
    const changes = build.rows.takeChanges();
    this.#early.push(changes);
    if (changes.isLost || changes.renumbered !== null) return this.#options.onReady();
    build.note(changes);
    const endMs = this.#options.nowMs() + SLICE_MS * 2 ** Math.min(this.#restarts, MAX_DOUBLINGS);
    if (build.run(() => this.#options.nowMs() < endMs) === null) this.#schedule();
    else this.#options.onReady();
  }

  close(): void {
    this.rows?.close();
    this.#build = null;
  }
}

/** More rows than this are not touched one by one: a build is cheaper and gives way. */
function mostTouched(span: number): number {
  return Math.max(SMALL_ROWS, span / 4);
}
