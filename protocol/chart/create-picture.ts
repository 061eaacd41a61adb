import { barPicture, piePicture } from './bar-picture.ts';
import type { ChartPicture, ChartPictureInput } from './chart-picture.ts';
import { histogramPicture } from './histogram-picture.ts';
import { linePicture } from './line-picture.ts';
import { candlestickPicture, gaugePicture, heatmapPicture } from './other-pictures.ts';

/** The picture of a table that a plan makes. */
export function createPicture(input: ChartPictureInput): ChartPicture {
  const { type } = input.plan;
  switch (type) {
    case 'line':
    case 'area':
    case 'scatter':
      return linePicture(input);
    case 'bar':
      return barPicture(input);
    case 'pie':
      return piePicture(input);
    case 'candlestick':
      return candlestickPicture(input);
    case 'heatmap':
      return heatmapPicture(input);
    case 'gauge':
      return gaugePicture(input);
    case 'histogram':
      return histogramPicture(input);
    default:
      return type satisfies never;
  }
}
