import { CandlestickChart, GaugeChart, HeatmapChart, PieChart, ScatterChart } from 'echarts/charts';
import { VisualMapContinuousComponent } from 'echarts/components';
import { use } from 'echarts/core';

/** What types of charts beside lines and bars need; it is loaded when the first one is shown. */
export function useTypeParts(): void {
  use([CandlestickChart, GaugeChart, HeatmapChart, PieChart, ScatterChart, VisualMapContinuousComponent]);
}
