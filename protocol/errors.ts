/**
 * Every failure that leaves a process has a code from this one registry.
 *
 * `status` is the HTTP status that carries the code; `meaning` is what the documentation says of it.
 * A test holds this registry and the table in PROTOCOL.md together.
 */
export const ERRORS = {
  bad_parameter: { status: 400, meaning: 'A query parameter or request is no such thing.' },
  bad_data_dir: { status: 400, meaning: 'The data directory cannot be used.' },
  bad_name: { status: 400, meaning: 'The table name is empty, too long, reserved or has other characters.' },
  bad_frames: { status: 400, meaning: 'A bus message has two or three frames, this one has not.' },
  bad_header: {
    status: 400,
    meaning: 'The header is not a JSON object, or a field of it has the wrong type.',
  },
  bad_body: { status: 400, meaning: 'The body does not parse as its content type.' },
  not_arrow: { status: 400, meaning: 'The bytes are not an Arrow IPC stream or file.' },
  arrow_truncated: { status: 400, meaning: 'The Arrow IPC message ends before its declared length.' },
  arrow_invalid: {
    status: 400,
    meaning: 'The Arrow IPC message contradicts itself: offsets, lengths or counts that point outside.',
  },
  cross_site: { status: 403, meaning: 'A browser marked this request as coming from another site.' },
  unauthorized: { status: 401, meaning: 'The gateway wants a token, and this is none that it knows.' },
  forbidden: { status: 403, meaning: 'The token, Origin or Host is not allowed to do this.' },
  no_such_table: { status: 404, meaning: 'No table has this name.' },
  no_such_dashboard: { status: 404, meaning: 'No dashboard has this name.' },
  no_such_route: { status: 404, meaning: 'No route has this path.' },
  method_not_allowed: { status: 405, meaning: 'The route does not take this method.' },
  key_mismatch: { status: 409, meaning: "The key differs from the table's key." },
  data_dir_in_use: { status: 409, meaning: 'Another gateway uses the data directory.' },
  idempotency_conflict: { status: 409, meaning: 'The idempotency key came before with another request.' },
  dashboard_changed: { status: 412, meaning: 'The dashboard is not as the request expects it to be.' },
  too_large: { status: 413, meaning: 'The message or body is larger than the limit.' },
  stage_full: { status: 413, meaning: 'The stage holds as much as it may; commit it with /update_data.' },
  memory_full: { status: 413, meaning: 'The tables hold as much memory as they may.' },
  too_many_tables: { status: 413, meaning: 'The gateway holds as many tables as it may.' },
  too_many_dashboards: { status: 413, meaning: 'The gateway holds as many dashboards as it may.' },
  unsupported_media_type: { status: 415, meaning: 'The content type of the body is not taken here.' },
  arrow_unsupported: { status: 422, meaning: 'The Arrow data uses a feature that is not taken here.' },
  type_mismatch: { status: 422, meaning: "A column's type differs from the table's column of that name." },
  missing_key: { status: 422, meaning: 'The operation needs a key, and neither header nor table has one.' },
  missing_key_column: { status: 422, meaning: 'A key column is not in the publication.' },
  key_type: { status: 422, meaning: 'A column of this type cannot be a key.' },
  unknown_op: { status: 422, meaning: 'The op is none of replace, append, upsert, delete.' },
  bad_value: { status: 422, meaning: "A value of the body does not fit its column's type." },
  bad_dashboard: { status: 422, meaning: 'The JSON is not a dashboard.' },
  no_chart: { status: 422, meaning: 'The table has nothing that a chart could show.' },
  chart_failed: { status: 422, meaning: 'The chart cannot be drawn, or not in the time it may take.' },
  bad_message: { status: 400, meaning: 'A WebSocket message is not one of the documented client messages.' },
  condition_needed: {
    status: 428,
    meaning: 'The dashboard exists, and the request does not say which state of it it replaces.',
  },
  slow_consumer: { status: 429, meaning: 'The viewer took nothing for too long while data waited for it.' },
  rate_limited: { status: 429, meaning: 'More requests in a second than one client may send.' },
  internal: { status: 500, meaning: 'A fault of the gateway itself; its log has the details.' },
  data_dir_damaged: { status: 500, meaning: 'What the data directory holds is damaged.' },
  log_write_failed: {
    status: 503,
    meaning: 'The log cannot be written, so nothing more is taken; try again later.',
  },
  log_damaged: { status: 500, meaning: 'What the shared log holds cannot be read.' },
  log_lost: {
    status: 503,
    meaning: 'The shared log no longer goes on where this gateway stands; it has to be started again.',
  },
  log_unavailable: {
    status: 503,
    meaning: "The shared log's servers cannot be reached, or not all of it is read yet; try again later.",
  },
  too_many_viewers: { status: 503, meaning: 'The gateway has as many viewers as it may.' },
  charts_busy: { status: 503, meaning: 'As many charts as may wait to be drawn are waiting already.' },
  busy: { status: 503, meaning: 'As many bodies as may wait to be converted are waiting already.' },
  shutting_down: { status: 503, meaning: 'The gateway is stopping and takes no new work.' },
} as const satisfies Record<string, { status: number; meaning: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** A failure with a code of the registry and a detail that names the table, column, parameter, flag or byte. */
export class TablecastError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: { cause?: unknown }) {
    super(detail, options);
    this.name = 'TablecastError';
    this.code = code;
  }
}

/** Any thrown value as a coded failure; what has no code is `internal`. */
export function toTablecastError(thrown: unknown): TablecastError {
  if (thrown instanceof TablecastError) return thrown;
  const detail = thrown instanceof Error ? thrown.message : textOf(thrown);
  return new TablecastError('internal', detail, { cause: thrown });
}

/** Not every object has a text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'Something without a text was thrown.';
  }
}
