// Who shows a view.

/**
 * @typedef {object} Contender
 * @property {(view: import('./grid-views.mjs').GridView) => string} addressOf
 * @property {string} grid a selector of what scrolls, through shadow roots
 * @property {string} [whole] a selector of what is there once the page has all that it loads
 * @property {(view: import('./grid-views.mjs').GridView) => import('./sample.mjs').CellPath} cellOf the cell to look at: of row 0, which every
 *   message writes, the time of sending; its group's sum of prices where the view is grouped; the first row's id where it is scrolled
 * @property {(perSecond: number) => Promise<void>} pace
 * @property {() => Promise<void>} rest no changes from here on, and none wait
 * @property {() => Promise<number>} sent messages since `pace`
 * @property {import('../child.mjs').Child} [server]
 * @property {() => Promise<import('../rounds.mjs').Figures>} [figures] more, while it is measured
 */
export {};
