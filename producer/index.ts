export type {
  ColumnMetadata,
  Columns,
  FromValuesOptions,
  Row,
  Values,
} from '../protocol/arrow/from-values.ts';
export { type ErrorCode, TablecastError } from '../protocol/errors.ts';
export type { Op, Retention } from '../protocol/header.ts';
export type { ProducerKeys } from './curve-socket.ts';
export {
  createProducer,
  type Data,
  type HeaderInput,
  type Producer,
  type ProducerOptions,
} from './producer.ts';
export { type SystemSource, type SystemSourceOptions, startSystemSource } from './system-source.ts';
