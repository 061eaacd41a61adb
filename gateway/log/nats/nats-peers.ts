import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { DrawnTimes, OwnViewers, Peers, RenderAsk } from '../log.ts';

export interface NatsPeersOptions {
  readonly connection: NatsConnection;
  /** Of the stream. */
  readonly name: string;
  /** Names this life of this gateway. */
  readonly sender: string;
  readonly onFault: (error: unknown) => void;
  /** Monotonic. */
  readonly nowMs?: () => number;
}

/** What a gateway tells the others now and then. */
interface Presence {
  readonly sender: string;
  readonly viewers: number;
}

type Ask = RenderAsk & { readonly sender: string };

const PRESENCE_MS = 1000;
/** A gateway that said nothing for so long is no longer counted. */
const SILENCE_MS = 3500;
/** Beyond what viewers are given, for the way to another gateway and back. */
const ANSWER_MS = 500;

/** The other gateways of one log: how many viewers they have, and when those have drawn a version. By core NATS, nothing is kept. */
export class NatsPeers implements Peers {
  readonly #options: NatsPeersOptions;
  readonly #nowMs: () => number;
  readonly #others = new Map<string, { readonly viewers: number; readonly heardAtMs: number }>();
  readonly #subjects: { readonly presence: string; readonly rendered: string };
  #own: OwnViewers = { count: () => 0, drawn: async () => ({ tookMs: [], pending: 0, hidden: 0 }) };
  readonly #timer: NodeJS.Timeout;

  constructor(options: NatsPeersOptions) {
    const { connection, name } = options;
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#subjects = { presence: `tablecast.gateways.${name}`, rendered: `tablecast.rendered.${name}` };
    connection.subscribe(this.#subjects.presence, { callback: this.#guarded((msg) => this.#hear(msg)) });
    connection.subscribe(this.#subjects.rendered, { callback: this.#guarded((msg) => this.#answer(msg)) });
    this.#timer = setInterval(() => this.#tell(), PRESENCE_MS);
    this.#tell();
  }

  get viewers(): number {
    return this.#heard().reduce((sum, { viewers }) => sum + viewers, 0);
  }

  serve(own: OwnViewers): void {
    this.#own = own;
    this.#tell();
  }

  async drawn(ask: RenderAsk): Promise<readonly DrawnTimes[]> {
    const { connection, sender } = this.#options;
    const expected = this.#heard().length;
    if (expected === 0) return [];
    const answers: DrawnTimes[] = [];
    try {
      const messages = await connection.requestMany(
        this.#subjects.rendered,
        JSON.stringify({ ...ask, sender } satisfies Ask),
        { strategy: 'count', maxMessages: expected, maxWait: ask.timeoutMs + ANSWER_MS },
      );
      for await (const message of messages) answers.push(message.json<DrawnTimes>());
    } catch (error) {
      // Those who have answered count.
      this.#options.onFault(error);
    }
    return answers;
  }

  #heard() {
    const sinceMs = this.#nowMs() - SILENCE_MS;
    for (const [sender, { heardAtMs }] of this.#others) if (heardAtMs < sinceMs) this.#others.delete(sender);
    return [...this.#others.values()];
  }

  #tell(): void {
    const { connection, sender } = this.#options;
    if (connection.isClosed()) return;
    const presence: Presence = { sender, viewers: this.#own.count() };
    connection.publish(this.#subjects.presence, JSON.stringify(presence));
  }

  #hear(message: Msg): void {
    const { sender, viewers } = message.json<Presence>();
    if (sender === this.#options.sender) return;
    const isNew = !this.#others.has(sender);
    this.#others.set(sender, { viewers, heardAtMs: this.#nowMs() });
    // So that it need not wait to know of this one.
    if (isNew) this.#tell();
  }

  async #answer(message: Msg): Promise<void> {
    const { sender, ...ask } = message.json<Ask>();
    if (sender === this.#options.sender) return;
    message.respond(JSON.stringify(await this.#own.drawn(ask)));
  }

  #guarded(work: (message: Msg) => void | Promise<void>) {
    const run = async (error: Error | null, message: Msg): Promise<void> => {
      try {
        if (error !== null) throw error;
        await work(message);
      } catch (thrown) {
        if (!this.#options.connection.isClosed()) this.#options.onFault(thrown);
      }
    };
    return (error: Error | null, message: Msg): void => void run(error, message);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
