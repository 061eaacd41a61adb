import type { Field } from '../../../protocol/arrow/data-type.ts';
import { columnLabel } from '../../../protocol/column-label.ts';
import type { GridTexts } from '../../locales/grid-texts.ts';
import { type GridState, PLAIN_STATE, type TimeZoneChoice, withHidden } from '../state/grid-state.ts';
import type { MenuItem } from './menu.ts';

export interface GridMenuOptions {
  readonly fields: readonly Field[];
  readonly state: GridState;
  readonly texts: GridTexts;
  readonly change: (state: GridState) => void;
  readonly copyWithHeaders: () => void;
  readonly selectAll: () => void;
}

const TIME_ZONES: readonly TimeZoneChoice[] = ['table', 'utc', 'local'];

/** What can be done with a whole table's view. */
export function gridMenuItems(options: GridMenuOptions): MenuItem[] {
  const { fields, state, texts, change } = options;
  const items: MenuItem[] = [
    {
      type: 'choice',
      label: texts.rowNumbers,
      isChosen: state.showsRowNumbers,
      run: () => change({ ...state, showsRowNumbers: !state.showsRowNumbers }),
    },
  ];
  const hasZones = fields.some(({ type }) => type.kind === 'timestamp' && type.timezone !== null);
  if (hasZones) {
    items.push({ type: 'line' });
    for (const zone of TIME_ZONES)
      items.push({
        type: 'choice',
        label: texts.times[zone],
        isChosen: state.timeZone === zone,
        run: () => change({ ...state, timeZone: zone }),
      });
  }
  items.push({ type: 'line' });
  items.push({ type: 'action', label: texts.selectAll, run: options.selectAll });
  items.push({ type: 'action', label: texts.copyWithHeaders, run: options.copyWithHeaders });
  const hidden = fields.filter((field) => state.hidden.includes(field.name));
  if (hidden.length > 0) items.push({ type: 'line' });
  for (const field of hidden)
    items.push({
      type: 'action',
      label: texts.showColumn(columnLabel(field)),
      run: () => change(withHidden(state, field.name, false)),
    });
  items.push({ type: 'line' });
  items.push({ type: 'action', label: texts.resetView, run: () => change(PLAIN_STATE) });
  return items;
}
