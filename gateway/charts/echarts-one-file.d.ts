/** The whole library as one file, which loads seven times as fast as its modules. */
declare module 'echarts/dist/echarts.esm.mjs' {
  export * from 'echarts';
}
