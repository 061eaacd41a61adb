export interface VersionWaitsOptions {
  /** The version that the tables are at. */
  readonly version: () => number;
  /** So long a version is waited for at most; 0 where no other gateway can be ahead of this one. */
  readonly maxWaitMs: number;
}

/** Lets those wait who have been told of a version that this gateway is about to reach: another one was faster. */
export class VersionWaits {
  readonly #options: VersionWaitsOptions;
  readonly #waits = new Map<() => void, number>();

  constructor(options: VersionWaitsOptions) {
    this.#options = options;
  }

  /** null where the version is reached, or not worth waiting for. Resolves once it is, or after a while. */
  reached(version: number): Promise<void> | null {
    const { maxWaitMs } = this.#options;
    if (version <= this.#options.version() || maxWaitMs === 0) return null;
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waits.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, maxWaitMs);
      this.#waits.set(finish, version);
    });
  }

  /** A commit was made. */
  committed(version: number): void {
    for (const [finish, wanted] of this.#waits) if (wanted <= version) finish();
  }

  close(): void {
    for (const finish of [...this.#waits.keys()]) finish();
  }
}
