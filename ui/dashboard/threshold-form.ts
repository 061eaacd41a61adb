import { html, nothing, render, type TemplateResult } from 'lit';
import type { Field } from '../../protocol/arrow/data-type.ts';
import {
  COMPARISONS,
  createThresholdTest,
  isThreshold,
  LEVELS,
  THRESHOLD_LIMITS,
  type Threshold,
} from '../../protocol/condition/threshold.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { DashboardTexts } from '../locales/dashboard/en.ts';
import { openDialog } from './dialog.ts';
import { selectField, textField } from './form-fields.ts';
import type { TableFields } from './table-fields.ts';

export interface ThresholdFormOptions {
  readonly host: HTMLElement;
  readonly texts: DashboardTexts;
  readonly tableNames: readonly string[];
  /** Chosen at first. */
  readonly table: string;
  readonly fieldsOf: TableFields;
  readonly thresholds: readonly Threshold[];
  readonly onThresholds: (thresholds: readonly Threshold[]) => void;
}

/** What is put in of a threshold that is not there yet. */
interface Draft {
  readonly table: string;
  readonly column: string;
  readonly is: string;
  readonly value: string;
  readonly min: string;
  readonly max: string;
  readonly level: string;
}

const NEEDED = { maxLength: THRESHOLD_LIMITS.maxValueLength, isNeeded: true };
const KINDS = [...COMPARISONS, 'between', 'null'] as const;

/** Lists a dashboard's thresholds, takes some away, and adds others, at once. */
export function openThresholdForm(options: ThresholdFormOptions): void {
  const { texts, onThresholds } = options;
  let { thresholds } = options;
  let draft: Draft = {
    table: options.table,
    column: '',
    is: '>',
    value: '',
    min: '',
    max: '',
    level: 'warning',
  };

  let problem: string | null = null;

  function set(next: readonly Threshold[]): void {
    thresholds = next;
    onThresholds(thresholds);
    draw();
  }

  function draw(): void {
    render(
      html`${list(thresholds, texts, (at) => set(thresholds.toSpliced(at, 1)))}${fields(draft, options.fieldsOf(draft.table, draw) ?? [], options)}${problem === null ? nothing : html`<p class="dash-problem" role="alert">${problem}</p>`}`,
      dialog.fields,
    );
  }

  const dialog = openDialog({
    ...options,
    heading: texts.threshold.list,
    submit: texts.threshold.add,
    close: texts.done,
    onSubmit(data) {
      draft = readDraft(data);
      const threshold = thresholdOf(draft);
      problem = threshold === null ? texts.threshold.incomplete : problemOf(threshold, thresholds, options);
      if (threshold === null || problem !== null) draw();
      else {
        draft = { ...draft, value: '', min: '', max: '' };
        set([...thresholds, threshold]);
      }
      return false;
    },
  });
  dialog.fields.addEventListener('input', () => {
    draft = readDraft(new FormData(dialog.form));
    problem = null;
    draw();
  });
  draw();
  dialog.show();
}

function readDraft(data: FormData): Draft {
  const text = (name: string) => String(data.get(name) ?? '').trim();
  return {
    table: text('table'),
    column: text('column'),
    is: text('is'),
    value: text('value'),
    min: text('min'),
    max: text('max'),
    level: text('level'),
  };
}

/** Null where something is missing. */
function thresholdOf({ table, column, is, value, min, max, level }: Draft): Threshold | null {
  const rest = is === 'null' ? {} : is === 'between' ? { min, max } : { value };
  const threshold = { table, column, is, level, ...rest };
  return isThreshold(threshold) ? threshold : null;
}

function problemOf(
  threshold: Threshold,
  others: readonly Threshold[],
  { fieldsOf, texts }: ThresholdFormOptions,
): string | null {
  if (others.length >= LIMITS.maxThresholds) return texts.threshold.tooMany(LIMITS.maxThresholds);
  const fields = fieldsOf(threshold.table, () => {});
  const fits = fields === null || createThresholdTest(fields, threshold) !== null;
  return fits ? null : texts.threshold.unfit;
}

function list(
  thresholds: readonly Threshold[],
  texts: DashboardTexts,
  remove: (at: number) => void,
): TemplateResult {
  if (thresholds.length === 0) return html`<p class="hint">${texts.threshold.none}</p>`;
  return html`<ul class="dash-thresholds">${thresholds.map((threshold, at) => {
    const text = texts.threshold.text(threshold);
    return html`<li class="is-${threshold.level}"><span class="dash-level">${texts.threshold.levels[threshold.level]}</span>
      <span class="dash-notice-text">${text}</span>
      <button class="icon-button" type="button" aria-label=${texts.threshold.remove(text)} @click=${() => remove(at)}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8" /></svg></button></li>`;
  })}</ul>`;
}

function fields(
  draft: Draft,
  known: readonly Field[],
  { texts, tableNames }: ThresholdFormOptions,
): TemplateResult {
  const { threshold: words } = texts;
  const columns = known.map(({ name }) => [name, name] as const);
  return html`
    ${selectField(
      'table',
      texts.panel.table,
      tableNames.map((name) => [name, name]),
      draft.table,
    )}
    ${selectField('column', words.column, columns, draft.column)}
    ${selectField(
      'is',
      words.condition,
      KINDS.map((is) => [is, words.is[is]]),
      draft.is,
    )}
    ${draft.is === 'null' ? nothing : draft.is === 'between' ? html`${textField('min', words.from, draft.min, NEEDED)}${textField('max', words.to, draft.max, NEEDED)}` : textField('value', words.value, draft.value, NEEDED)}
    ${selectField(
      'level',
      words.level,
      LEVELS.map((level) => [level, words.levels[level]]),
      draft.level,
    )}
  `;
}
