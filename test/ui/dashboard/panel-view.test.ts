import { describe, expect, test } from 'vitest';
import { viewChoices } from '../../../ui/dashboard/panel-view.ts';

const sort = [{ column: 'price', direction: 'descending' }];

describe('what is chosen of a panel', () => {
  test.each([
    ['an empty view', {}, { view: {} }],
    ['what is as in the plain state', {}, { view: { search: '', hidden: [] } }],
    ['another order of its parts', { view: { sort, search: 'a' } }, { view: { search: 'a', sort } }],
    ['what does not fit', { view: { sort } }, { view: { sort, filters: 'all', constructor: 1 } }],
  ])('is equal but for %s', (_, one, other) => {
    expect(viewChoices({ type: 'table', ...one })).toBe(viewChoices({ type: 'table', ...other }));
  });

  test('differs by what is shown', () => {
    const views = [{}, { sort }, { sort, search: 'a' }, { hidden: ['price'] }];
    expect(new Set(views.map((view) => viewChoices({ type: 'table', view }))).size).toBe(views.length);
  });
});
