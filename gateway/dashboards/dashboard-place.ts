/** A dashboard as it is kept. */
export interface SavedText {
  readonly name: string;
  /** The dashboard as JSON. */
  readonly text: string;
  readonly savedAtMs: number;
}

/** Where dashboards are kept. */
export interface DashboardPlace {
  /**
   * Keeps these, of which the one of that name is another one now, or gone.
   *
   * @throws TablecastError `log_write_failed`, `log_unavailable`, `dashboard_changed` where another gateway has changed it meanwhile
   */
  write(dashboards: readonly SavedText[], changed: string): Promise<void>;
}
