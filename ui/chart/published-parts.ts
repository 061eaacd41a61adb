import {
  BoxplotChart,
  FunnelChart,
  GraphChart,
  ParallelChart,
  PictorialBarChart,
  RadarChart,
  SankeyChart,
  SunburstChart,
  ThemeRiverChart,
  TreeChart,
  TreemapChart,
} from 'echarts/charts';
import {
  DatasetComponent,
  LegendPlainComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  ParallelComponent,
  PolarComponent,
  RadarComponent,
  SingleAxisComponent,
  VisualMapComponent,
} from 'echarts/components';
import { use } from 'echarts/core';

/** What published charts may need beside the types that a table can be shown as; it is loaded when the first one is shown. */
export function usePublishedParts(): void {
  use([
    BoxplotChart,
    FunnelChart,
    GraphChart,
    ParallelChart,
    PictorialBarChart,
    RadarChart,
    SankeyChart,
    SunburstChart,
    ThemeRiverChart,
    TreeChart,
    TreemapChart,
    DatasetComponent,
    LegendPlainComponent,
    MarkAreaComponent,
    MarkLineComponent,
    MarkPointComponent,
    ParallelComponent,
    PolarComponent,
    RadarComponent,
    SingleAxisComponent,
    VisualMapComponent,
  ]);
}
