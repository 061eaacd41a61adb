/** What of the page's address a login leads back to. */
const PARAMETERS = ['table', 'dashboard', 'embed', 'kiosk'] as const;

export type LoginPlace = readonly (readonly [name: string, value: string])[];

/** Where the page was asked to open, from the parameters of an address or a form. */
export function placeOf(parameters: unknown): LoginPlace {
  const given = (parameters ?? {}) as Readonly<Record<string, unknown>>;
  return PARAMETERS.flatMap((name) => {
    const value = given[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
}

/** The page, relative to `/login`. */
export function hrefOf(place: LoginPlace): string {
  const query = place.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return query === '' ? './' : `./?${query}`;
}
