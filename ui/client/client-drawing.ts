import type { ClientMessage } from '../../protocol/client-message.ts';
import type { ChangeHeader } from '../../protocol/server-message.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { ReplicaCommit } from '../replica.ts';

/** What a client that draws is worked with: its tables as they are now, and its line. */
export interface DrawingSource {
  readonly tables: ReadonlyMap<string, LiveTable>;
  /** Sends on the line that is live; drops the message where none is. */
  send(message: ClientMessage): void;
  /** Tries at once where the line waits to be taken up again. */
  retryNow(): void;
}

/** A screen that a client draws on: the gateway waits for it where `wait=rendered` asks so. */
export interface ClientDrawing {
  /** Called once, before anything else. */
  begin(source: DrawingSource): void;
  isVisible(): boolean;
  /** Another line begins: the gateway knows nothing of what is drawn. */
  lineBegins(): void;
  /** A change is applied; its commit is not yet. */
  changed(change: ChangeHeader): void;
  /** The tables are at another version, or others are there. */
  committed(commit: ReplicaCommit): void;
}
