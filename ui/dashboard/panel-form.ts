import { html, nothing, render, type TemplateResult } from 'lit';
import type { Field } from '../../protocol/arrow/data-type.ts';
import { CHART_TYPES } from '../../protocol/chart/chart-type.ts';
import { isNumeric } from '../../protocol/column-label.ts';
import type { Panel } from '../../protocol/dashboard/dashboard.ts';
import type { DashboardTexts } from '../locales/dashboard/en.ts';
import { type ChartChoice, parseChartChoice } from './chart-choice.ts';
import { openDialog } from './dialog.ts';
import { selectField, textField } from './form-fields.ts';
import type { TableFields } from './table-fields.ts';

/** What a viewer chooses of a panel. */
export type PanelChoice = Pick<Panel, 'type' | 'table' | 'title' | 'chart'>;

export interface PanelFormOptions {
  readonly host: HTMLElement;
  readonly texts: DashboardTexts;
  readonly heading: string;
  readonly tableNames: readonly string[];
  readonly fieldsOf: TableFields;
  readonly panel: PanelChoice;
  readonly onPanel: (panel: PanelChoice) => void;
}

/** Asks what a panel shows: a table, or a chart of one and its columns. */
export function openPanelForm(options: PanelFormOptions): void {
  const { texts, heading, panel: before, onPanel } = options;
  let panel = before;
  const dialog = openDialog({
    ...options,
    heading,
    submit: texts.apply,
    onSubmit() {
      onPanel(panel);
      return true;
    },
  });

  function draw(): void {
    const columns = panel.type === 'chart' ? options.fieldsOf(panel.table, draw) : null;
    render(fields(panel, columns ?? [], options), dialog.fields);
  }

  dialog.fields.addEventListener('input', () => {
    panel = readPanel(new FormData(dialog.form), before);
    draw();
  });
  draw();
  dialog.show();
}

function readPanel(data: FormData, before: PanelChoice): PanelChoice {
  const text = (name: string) => String(data.get(name) ?? '');
  const type = text('type') === 'chart' ? 'chart' : 'table';
  const title = text('title').trim();
  const y = data.getAll('y').map(String);
  const chosen = (name: string) => (text(name) === '' ? {} : { [name]: text(name) });
  const chart = {
    ...others(before),
    ...chosen('chartType'),
    ...chosen('x'),
    ...chosen('series'),
    ...(y.length === 0 ? {} : { y }),
  };
  const { chartType, ...rest } = chart as { chartType?: string };
  const whole = { ...(chartType === undefined ? {} : { type: chartType }), ...rest };
  const isChosen = type === 'chart' && Object.keys(whole).length > 0;
  return {
    type,
    table: text('table'),
    ...(title === '' ? {} : { title }),
    ...(isChosen ? { chart: whole } : {}),
  };
}

/** Settings that this form does not know stay. */
function others({ chart }: PanelChoice): Record<string, unknown> {
  const { type: _type, x: _x, y: _y, series: _series, ...rest } = chart ?? {};
  return rest;
}

function fields(
  panel: PanelChoice,
  columns: readonly Field[],
  { texts, tableNames }: PanelFormOptions,
): TemplateResult {
  const { panel: words } = texts;
  const tables = tableNames.includes(panel.table) ? tableNames : [panel.table, ...tableNames];
  return html`
    ${selectField(
      'table',
      words.table,
      tables.map((name) => [name, name]),
      panel.table,
    )}
    ${selectField(
      'type',
      words.shows,
      [
        ['table', words.types.table],
        ['chart', words.types.chart],
      ],
      panel.type,
    )}
    ${textField('title', texts.title, panel.title ?? '', { maxLength: 200 })}
    ${panel.type === 'chart' ? chartFields(parseChartChoice(panel.chart), columns, texts) : nothing}
  `;
}

function chartFields(
  choice: ChartChoice,
  fields: readonly Field[],
  { panel: words }: DashboardTexts,
): TemplateResult {
  const columns = fields.map(({ name }) => name);
  const numbers = fields.filter(({ type }) => isNumeric(type)).map(({ name }) => name);
  const auto: readonly [string, string] = ['', words.automatic];
  const named = (names: readonly string[]) => [auto, ...names.map((name) => [name, name] as const)];
  const types = [auto, ...CHART_TYPES.map((type) => [type, words.chartTypes[type] ?? type] as const)];
  const chosen = new Set(choice.y ?? []);
  return html`
    ${selectField('chartType', words.chartType, types, choice.type ?? '')}
    ${selectField('x', words.x, named(columns), choice.x ?? '')}
    <fieldset class="dash-choices"><legend>${words.y}</legend>
      ${numbers.map((name) => html`<label class="choice"><input type="checkbox" name="y" value=${name} .checked=${chosen.has(name)} /> ${name}</label>`)}
    </fieldset>
    ${selectField('series', words.series, named(columns), choice.series ?? '')}
  `;
}
