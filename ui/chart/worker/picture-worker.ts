import { makePicture } from './make-picture.ts';
import type { PictureJob } from './picture-job.ts';

// The thread's entry: nothing imports it.
addEventListener('message', ({ data }: MessageEvent<PictureJob>) => postMessage(makePicture(data)));
