/**
 * How much of the page is there: `embed` only chart and grid of the table, to stand in another page; `kiosk` also its
 * title and the state, for a screen that nobody works at.
 */
export type PageMode = 'full' | 'embed' | 'kiosk';

/** As the address says: `?embed=1`, `?kiosk=1`. */
export function pageMode(address: string): PageMode {
  const { searchParams } = new URL(address);
  if (searchParams.get('embed') === '1') return 'embed';
  return searchParams.get('kiosk') === '1' ? 'kiosk' : 'full';
}
