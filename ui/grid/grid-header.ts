import { type Field, typeName } from '../../protocol/arrow/data-type.ts';
import { columnLabel, columnUnit } from '../column-label.ts';

/** What a column header shows: label and unit above, the type in small below. */
export function createHeaderContent(field: Field): HTMLElement {
  const content = document.createElement('div');
  content.className = 'grid-head';
  const top = document.createElement('span');
  top.className = 'grid-head-label';
  top.append(columnLabel(field));
  const unit = columnUnit(field);
  if (unit !== null) top.append(' ', small('grid-head-unit', unit));
  content.append(top, ' ', small('grid-head-type', typeName(field.type)));
  if (columnLabel(field) !== field.name) content.title = field.name;
  return content;
}

function small(className: string, text: string): HTMLElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}
