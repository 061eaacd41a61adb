import type { Level, Threshold } from '../../../protocol/condition/threshold.ts';
import type { DashboardTexts } from './en.ts';

const LEVELS: Readonly<Record<Level, string>> = { notice: '通知', warning: '警告', critical: '重大' };

function textOf(threshold: Threshold): string {
  const { table, column } = threshold;
  switch (threshold.is) {
    case 'null':
      return `${table} · ${column} 値なし`;
    case 'between':
      return `${table} · ${column} ${threshold.min} から ${threshold.max} の間`;
    default:
      return `${table} · ${column} ${threshold.is.replace('>=', '≥').replace('<=', '≤')} ${threshold.value}`;
  }
}

/** What dashboards say to their viewer, in Japanese. */
export const ja: DashboardTexts = {
  dashboards: 'ダッシュボード',
  newDashboard: '新しいダッシュボード',
  unnamed: '新しいダッシュボード',
  missing: (name) => `ダッシュボード「${name}」はありません。`,
  makeIt: '作成',
  empty: 'このダッシュボードにはまだ何もありません。',
  edit: '編集',
  done: '完了',
  addPanel: 'パネルを追加',
  thresholds: 'しきい値',
  thresholdCount: (count) => `しきい値 (${count})`,
  share: 'リンクをコピー',
  shareHint: 'リンクはレイアウト全体を含みます。保存は不要です。',
  shared: 'リンクをコピーしました',
  linkIs: 'このアドレスをコピー',
  save: '保存',
  saveAs: '名前を付けて保存',
  name: '名前',
  nameHint: '文字、数字、「_」「-」「.」',
  changed: '未保存',
  saved: '保存しました',
  remove: 'ダッシュボードを削除',
  removeSure: (name) => `「${name}」を全員分削除しますか？`,
  conflict: 'その間に他の人がこのダッシュボードを保存しました。',
  taken: (name) => `「${name}」というダッシュボードは既にあります。`,
  loadTheirs: '相手のものを読み込む',
  overwrite: '自分のもので上書き',
  badLink: (detail) => `このアドレスのレイアウトは使えません。${detail}`,
  failed: (status, detail) => {
    if (status === 0) return 'ゲートウェイが応答しませんでした。';
    if (status === 401 || status === 403) return '書き込みトークンが必要です。';
    return detail === '' ? `ゲートウェイが ${status} を返しました。` : detail;
  },
  title: 'タイトル',
  cancel: 'キャンセル',
  apply: '適用',
  panel: {
    add: 'パネルを追加',
    change: (name) => `${name} の設定`,
    remove: (name) => `${name} を取り除く`,
    move: (name) => `${name} の移動とサイズ変更`,
    moveHint: '矢印キーで移動、Shift と矢印キーでサイズ変更。',
    resize: (name) => `${name} のサイズ変更`,
    place: (name, { x, y, width, height }) =>
      `${name}：${x + 1} 列目、${y + 1} 行目、幅 ${width}、高さ ${height}`,
    table: 'テーブル',
    shows: '表示',
    types: { table: '表', chart: 'グラフ' },
    missing: (table) => `テーブル「${table}」はまだありません。`,
    nothing: 'グラフにできるものがありません。',
    chartType: 'グラフの種類',
    automatic: '自動',
    chartTypes: {
      line: '折れ線',
      area: '面',
      bar: '棒',
      scatter: '散布図',
      pie: '円',
      candlestick: 'ローソク足',
      heatmap: 'ヒートマップ',
      gauge: 'ゲージ',
      histogram: 'ヒストグラム',
    },
    x: '横軸',
    y: '値',
    series: '値ごとに 1 本の線',
  },
  threshold: {
    list: 'このダッシュボードのしきい値',
    none: 'まだありません。',
    add: 'しきい値を追加',
    column: '列',
    condition: '条件',
    value: '値',
    from: '下限',
    to: '上限',
    level: 'レベル',
    levels: LEVELS,
    is: { '>': '>', '>=': '≥', '<': '<', '<=': '≤', '=': '=', between: '範囲', null: '値なし' },
    incomplete: '入力が足りません。',
    unfit: '値が列に合いません。',
    tooMany: (most) => `すでに ${most} 件あります。`,
    text: textOf,
    remove: (text) => `しきい値 ${text} を取り除く`,
    mark: (level, text) => `${LEVELS[level]}：${text}`,
  },
  notices: {
    region: 'お知らせ',
    row: (row) => `${row} 行目`,
    over: '終了',
    dismiss: (text) => `${text} を閉じる`,
    dismissAll: 'すべて閉じる',
    more: (count) => `ほか ${count} 件`,
  },
};
