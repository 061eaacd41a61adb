import type { Readable } from 'node:stream';
import { toTablecastError } from '../../protocol/errors.ts';
import type { PublishRequest } from '../publish-command.ts';
import { followFile } from './follow-file.ts';
import { GatewayClient, GatewayUnreachable } from './gateway-client.ts';
import { grouped, Progress } from './progress.ts';
import { publishInput } from './publish-input.ts';
import type { TableWriter } from './table-writer.ts';

const POLL_MS = 100;
/** How long clearing up may take after a failure. */
const TIDY_MS = 2000;

export interface RunPublishOptions {
  readonly stdin: Readable;
  readonly print: (line: string) => void;
  readonly printError: (text: string) => void;
  readonly isTerminal: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Carries the command out. @returns the exit code: 0, or 1 after one line that says what to do */
export async function runPublish(request: PublishRequest, options: RunPublishOptions): Promise<number> {
  return new PublishRun(request, options).run();
}

class PublishRun {
  readonly #request: PublishRequest;
  readonly #options: RunPublishOptions;
  readonly #progress: Progress;
  readonly #gateways: GatewayClient[] = [];
  #writer: TableWriter | null = null;

  constructor(request: PublishRequest, options: RunPublishOptions) {
    this.#request = request;
    this.#options = options;
    this.#progress = new Progress({
      write: options.printError,
      isTerminal: options.isTerminal,
      isQuiet: request.quiet,
      table: request.table,
      nowMs: () => performance.now(),
    });
  }

  async run(): Promise<number> {
    const { signal } = this.#options;
    try {
      await (this.#request.watch ? this.#follow() : this.#publishOnce());
      return 0;
    } catch (error) {
      const reason = signal.aborted ? 'stopped' : messageOf(error);
      this.#progress.clear();
      const left = await this.#tidy();
      if (!signal.aborted || !this.#request.quiet)
        this.#options.printError(`tablecast publish: ${withStop(reason)}${left}\n`);
      return 1;
    } finally {
      for (const gateway of this.#gateways) gateway.close();
    }
  }

  async #publishOnce(): Promise<void> {
    const { acknowledgement } = await publishInput(this.#inputOptions(this.#options.signal));
    this.#progress.clear();
    const { quiet, table, commit } = this.#request;
    if (quiet) return;
    const rows = `${grouped(this.#progress.rows)} ${this.#progress.rows === 1 ? 'row' : 'rows'}`;
    const seconds = (this.#progress.elapsedMs / 1000).toFixed(1);
    const showing =
      acknowledgement === null
        ? ''
        : commit === 'hold'
          ? `, held until /update_data`
          : `, version ${acknowledgement.version}`;
    this.#options.print(`Published ${rows} to ${table} in ${seconds} s${showing}`);
  }

  #follow(): Promise<void> {
    const { name, table, quiet } = this.#request;
    let announcedRows = -1;
    return followFile({
      ...this.#inputOptions(this.#options.signal),
      pollMs: POLL_MS,
      nowMs: () => performance.now(),
      onFailure: (message) =>
        this.#progress.line(`tablecast publish: ${withStop(message)} Still watching ${name}.`),
      onPublished: (version) => {
        this.#progress.clear();
        if (quiet) return;
        const added = this.#progress.rows - Math.max(0, announcedRows);
        announcedRows = this.#progress.rows;
        this.#options.print(
          `Published ${grouped(added)} ${added === 1 ? 'row' : 'rows'} to ${table}, version ${version}`,
        );
      },
    });
  }

  #inputOptions(signal: AbortSignal) {
    const { name, format, table, op, key, commit, pace } = this.#request;
    return {
      name,
      table,
      op,
      key,
      commit,
      pace,
      signal,
      stdin: this.#options.stdin,
      progress: this.#progress,
      gateway: this.#gateway(signal),
      onWriter: (writer: TableWriter) => {
        this.#writer = writer;
      },
      ...(format === undefined ? {} : { format }),
    };
  }

  #gateway(signal: AbortSignal): GatewayClient {
    const { url, token } = this.#request;
    const gateway = new GatewayClient({ url, signal, ...(token === undefined ? {} : { token }) });
    this.#gateways.push(gateway);
    return gateway;
  }

  /** What was staged and is not to show is dropped where the table holds nothing else; what is left is said. */
  async #tidy(): Promise<string> {
    const heldCount = this.#writer?.heldCount ?? 0;
    if (heldCount === 0 || this.#request.commit === 'hold') return '';
    const { table } = this.#request;
    const gateway = this.#gateway(AbortSignal.timeout(TIDY_MS));
    try {
      const counts = await gateway.counts(table);
      if (counts === null) return '';
      if (counts.changed === 0 && counts.staged <= heldCount) {
        await gateway.drop(table);
        return ' Nothing of it shows.';
      }
    } catch {
      // Said below.
    }
    return ` Nothing of it shows yet, but ${heldCount} parts wait in the stage of ${table} and show with its next commit.`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof GatewayUnreachable ? error.message : toTablecastError(error).message;
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
