import type { ErrorCode } from '../../protocol/errors.ts';
import type { Commit } from '../tables/commit.ts';

/** Where a publication came from. */
export type PublicationSource = 'sub' | 'pull' | 'http';

/** What has happened since the gateway started, in plain numbers: the parts that count pay an addition for it. */
export class GatewayCounts {
  readonly publications: Record<PublicationSource, number> = { sub: 0, pull: 0, http: 0 };
  /** Of the publications that were taken, all frames together. */
  publicationBytes = 0;
  readonly rejections = new Map<ErrorCode, number>();
  commits = 0;
  /** Rows of the publications that commits made visible. */
  rows = 0;

  taken(source: PublicationSource, byteLength: number): void {
    this.publications[source]++;
    this.publicationBytes += byteLength;
  }

  rejected(code: ErrorCode): void {
    this.rejections.set(code, (this.rejections.get(code) ?? 0) + 1);
  }

  committed(commit: Commit): void {
    this.commits++;
    this.rows += commit.rows;
  }
}
