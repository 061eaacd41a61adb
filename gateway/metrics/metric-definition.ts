/** A metric's value, or one for each value of its label. */
type Reading = number | Iterable<readonly [string, number]>;

/** A metric, read when somebody asks. */
export interface Definition {
  readonly kind: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  readonly label?: string;
  readonly read: () => Reading;
}
