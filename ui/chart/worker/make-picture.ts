import { chartTexts } from '../../../protocol/chart/chart-texts.ts';
import { createPicture } from '../../../protocol/chart/create-picture.ts';
import { ipcSource } from '../../../protocol/chart/ipc-source.ts';
import { specPicture } from '../../../protocol/chart/spec-picture.ts';
import { toTablecastError } from '../../../protocol/errors.ts';
import { ja } from '../../locales/ja.ts';
import { zh } from '../../locales/zh.ts';
import type { ContentPicture } from '../chart-content.ts';
import type { PictureAnswer, PictureJob } from './picture-job.ts';

/** Texts are functions, which no thread hands to another. */
const TEXTS = { en: chartTexts, zh, ja } as const;

/** Makes the picture of a job, in whatever thread this is. */
export function makePicture(job: PictureJob): PictureAnswer {
  const { id } = job;
  try {
    return { id, type: 'picture', made: made(job) };
  } catch (thrown) {
    const { code, message } = toTablecastError(thrown);
    return { id, type: 'error', code, detail: message };
  }
}

function made({ work, ipc, firstRow, key, theme, locale, pixelColumns }: PictureJob): ContentPicture {
  const input = { table: ipcSource(ipc, firstRow, key), theme, texts: TEXTS[locale], pixelColumns };
  switch (work.type) {
    case 'plan':
      return { picture: createPicture({ ...input, plan: work.plan }), chartId: work.chartId };
    case 'spec': {
      const picture = specPicture({ ...input, spec: work.spec });
      return { picture, chartId: picture.id };
    }
    default:
      return work satisfies never;
  }
}
