import { TablecastError } from '../../protocol/errors.ts';
import { answerJob, type BodyAnswer, type BodyJob, type ConvertedBody } from './body-job.ts';
import { type BodyThread, createBodyThread } from './body-thread.ts';

export interface BodyConverterOptions {
  /** Bodies smaller than this are converted at once: handing them over would take longer. */
  readonly minThreadBytes?: number;
  readonly maxThreads?: number;
  /** Bodies that may wait for a thread, and their bytes together; one more is refused (`busy`). */
  readonly maxWaiting?: number;
  readonly maxWaitingBytes?: number;
  /** The module that a thread runs, and its heap. */
  readonly module?: URL;
  readonly maxHeapMib?: number;
}

const MIN_THREAD_BYTES = 64 * 1024;
const MAX_THREADS = 1;
const MAX_WAITING = 64;
const MAX_WAITING_BYTES = 1024 * 1024 * 1024;
const MAX_HEAP_MIB = 1024;

interface Waiting {
  readonly job: BodyJob;
  readonly resolve: (answer: BodyAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** Text bodies to Arrow: small ones at once, others in the order of their arrival in threads of their own. */
export class BodyConverter {
  readonly #options: Required<BodyConverterOptions>;
  readonly #idle: BodyThread[] = [];
  readonly #threads: BodyThread[] = [];
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #isClosed = false;

  constructor(options: BodyConverterOptions = {}) {
    this.#options = {
      minThreadBytes: MIN_THREAD_BYTES,
      maxThreads: MAX_THREADS,
      maxWaiting: MAX_WAITING,
      maxWaitingBytes: MAX_WAITING_BYTES,
      module: new URL('./body-worker.js', import.meta.url),
      maxHeapMib: MAX_HEAP_MIB,
      ...options,
    };
  }

  /**
   * The body that is given is gone afterwards; the same one comes back with its Arrow stream.
   *
   * @throws TablecastError of `textRowsToArrow`, `busy`, `shutting_down`, `internal`
   */
  async convert(job: BodyJob): Promise<ConvertedBody> {
    const isSmall = job.body.byteLength < this.#options.minThreadBytes;
    const answer = isSmall ? answerJob(job) : await this.#queue({ ...job, body: owned(job.body) });
    if (answer.type === 'refused') throw new TablecastError(answer.code, answer.detail);
    return answer;
  }

  #queue(job: BodyJob): Promise<BodyAnswer> {
    const { maxWaiting, maxWaitingBytes } = this.#options;
    if (this.#isClosed) return Promise.reject(stopping());
    if (this.#waiting.length >= maxWaiting || this.#waitingBytes + job.body.byteLength > maxWaitingBytes) {
      const detail = `${this.#waiting.length} bodies wait to be converted; send this one again later, or as Arrow.`;
      return Promise.reject(new TablecastError('busy', detail));
    }
    this.#waitingBytes += job.body.byteLength;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#isClosed || this.#waiting.length === 0) return;
    const thread = this.#idle.pop() ?? this.#another();
    if (thread === null) return;
    const { job, resolve, reject } = this.#waiting.shift()!;
    this.#waitingBytes -= job.body.byteLength;
    void thread
      .answer(job)
      .then(resolve, (error) => reject(this.#isClosed ? stopping() : error))
      .then(() => {
        this.#idle.push(thread);
        this.#next();
      });
  }

  #another(): BodyThread | null {
    if (this.#threads.length >= this.#options.maxThreads) return null;
    const thread = createBodyThread(this.#options);
    this.#threads.push(thread);
    return thread;
  }

  /** Fails what waits and what runs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(stopping());
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

/** Memory that can be handed over: nothing else lies in it. */
function owned(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return body.byteLength === body.buffer.byteLength ? new Uint8Array(body.buffer) : Uint8Array.from(body);
}

function stopping(): TablecastError {
  return new TablecastError('shutting_down', 'The gateway is stopping and converts no more bodies.');
}
