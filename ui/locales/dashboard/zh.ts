import type { Level, Threshold } from '../../../protocol/condition/threshold.ts';
import type { DashboardTexts } from './en.ts';

const LEVELS: Readonly<Record<Level, string>> = { notice: '提示', warning: '警告', critical: '严重' };

function textOf(threshold: Threshold): string {
  const { table, column } = threshold;
  switch (threshold.is) {
    case 'null':
      return `${table} · ${column} 无值`;
    case 'between':
      return `${table} · ${column} 介于 ${threshold.min} 与 ${threshold.max} 之间`;
    default:
      return `${table} · ${column} ${threshold.is.replace('>=', '≥').replace('<=', '≤')} ${threshold.value}`;
  }
}

/** What dashboards say to their viewer, in Chinese. */
export const zh: DashboardTexts = {
  dashboards: '仪表板',
  newDashboard: '新建仪表板',
  unnamed: '新仪表板',
  missing: (name) => `没有名为“${name}”的仪表板。`,
  makeIt: '创建',
  empty: '此仪表板上还没有内容。',
  edit: '编辑',
  done: '完成',
  addPanel: '添加面板',
  thresholds: '阈值',
  thresholdCount: (count) => `阈值 (${count})`,
  share: '复制链接',
  shareHint: '链接包含整个布局，无需保存。',
  shared: '链接已复制',
  linkIs: '复制此地址',
  save: '保存',
  saveAs: '另存为',
  name: '名称',
  nameHint: '字母、数字、“_”、“-”和“.”',
  changed: '未保存',
  saved: '已保存',
  remove: '删除仪表板',
  removeSure: (name) => `为所有人删除“${name}”？`,
  conflict: '其间有其他人保存了此仪表板。',
  taken: (name) => `已有名为“${name}”的仪表板。`,
  loadTheirs: '加载对方的',
  overwrite: '用我的覆盖',
  badLink: (detail) => `此地址中的布局无法使用。${detail}`,
  failed: (status, detail) => {
    if (status === 0) return '网关没有应答。';
    if (status === 401 || status === 403) return '这需要写入令牌。';
    return detail === '' ? `网关返回 ${status}。` : detail;
  },
  title: '标题',
  cancel: '取消',
  apply: '应用',
  panel: {
    add: '添加面板',
    change: (name) => `${name} 的设置`,
    remove: (name) => `移除 ${name}`,
    move: (name) => `移动或缩放 ${name}`,
    moveHint: '方向键移动，Shift 加方向键缩放。',
    resize: (name) => `缩放 ${name}`,
    place: (name, { x, y, width, height }) =>
      `${name}：第 ${x + 1} 列，第 ${y + 1} 行，宽 ${width}，高 ${height}`,
    table: '表',
    shows: '显示为',
    types: { table: '表格', chart: '图表' },
    missing: (table) => `还没有名为“${table}”的表。`,
    nothing: '这里没有图表可显示的内容。',
    chartType: '图表类型',
    automatic: '自动选择',
    chartTypes: {
      line: '折线图',
      area: '面积图',
      bar: '柱状图',
      scatter: '散点图',
      pie: '饼图',
      candlestick: 'K 线图',
      heatmap: '热力图',
      gauge: '仪表',
      histogram: '直方图',
    },
    x: '横轴',
    y: '数值',
    series: '每个值一条线',
  },
  threshold: {
    list: '此仪表板的阈值',
    none: '还没有阈值。',
    add: '添加阈值',
    column: '列',
    condition: '条件',
    value: '值',
    from: '从',
    to: '到',
    level: '级别',
    levels: LEVELS,
    is: { '>': '>', '>=': '≥', '<': '<', '<=': '≤', '=': '=', between: '介于', null: '无值' },
    incomplete: '还缺少内容。',
    unfit: '该值不适合此列。',
    tooMany: (most) => `已有 ${most} 个。`,
    text: textOf,
    remove: (text) => `移除阈值 ${text}`,
    mark: (level, text) => `${LEVELS[level]}：${text}`,
  },
  notices: {
    region: '通知',
    row: (row) => `第 ${row} 行`,
    over: '已结束',
    dismiss: (text) => `关闭 ${text}`,
    dismissAll: '全部关闭',
    more: (count) => `另有 ${count} 条`,
  },
};
