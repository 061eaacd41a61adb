import { TablecastError } from '../../../protocol/errors.ts';
import type { ContentPicture } from '../chart-content.ts';
import type { PictureAnswer, PictureJob } from './picture-job.ts';

export type PictureThread = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>;

interface Waiting {
  resolve(made: ContentPicture): void;
  reject(error: unknown): void;
}

/** The thread is not there, or ended: pictures are to be made here. */
export class ThreadGone extends Error {}

/** Pictures that are made in another thread, which starts with the first one. */
export class WorkerPictures {
  readonly #start: () => PictureThread;
  readonly #waiting = new Map<number, Waiting>();
  #thread: PictureThread | null = null;
  #isClosed = false;

  constructor(start: () => PictureThread) {
    this.#start = start;
  }

  /** Rejects with what the job failed with, or {@link ThreadGone}, as once closed. */
  make(job: PictureJob): Promise<ContentPicture> {
    if (this.#isClosed) return Promise.reject(new ThreadGone('The chart is closed.'));
    return new Promise((resolve, reject) => {
      this.#waiting.set(job.id, { resolve, reject });
      try {
        this.#thread ??= this.#open();
        this.#thread.postMessage(job, [job.ipc.buffer]);
      } catch (cause) {
        this.#end(cause);
      }
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#end(new Error('The chart is closed.'));
  }

  #open(): PictureThread {
    const thread = this.#start();
    thread.addEventListener('message', (event) => this.#take((event as MessageEvent<PictureAnswer>).data));
    thread.addEventListener('error', () => this.#end(new Error('The thread failed.')));
    return thread;
  }

  #take(answer: PictureAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.type === 'picture') waiting?.resolve(answer.made);
    else waiting?.reject(new TablecastError(answer.code, answer.detail));
  }

  #end(cause: unknown): void {
    this.#thread?.terminate();
    this.#thread = null;
    for (const { reject } of this.#waiting.values())
      reject(new ThreadGone('No picture was made.', { cause }));
    this.#waiting.clear();
  }
}
