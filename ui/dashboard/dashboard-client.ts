import { type Dashboard, parseDashboard } from '../../protocol/dashboard/dashboard.ts';

export interface DashboardSummary {
  readonly name: string;
  readonly title: string | null;
}

export type ReadAnswer =
  | { readonly type: 'read'; readonly dashboard: Dashboard; readonly etag: string | null }
  | { readonly type: 'missing' }
  | Failure;

export type SaveAnswer =
  | { readonly type: 'saved'; readonly etag: string | null }
  /** Somebody else saved it, or one of that name, meanwhile. */
  | { readonly type: 'conflict' }
  | Failure;

/** `status` is 0 where there was no answer. */
export interface Failure {
  readonly type: 'failed';
  readonly status: number;
  readonly detail: string;
}

export interface DashboardClient {
  list(): Promise<readonly DashboardSummary[] | null>;
  read(name: string): Promise<ReadAnswer>;
  /** `etag` is that of the state that it replaces; null for none, `*` for whatever is there. */
  save(name: string, dashboard: Dashboard, etag: string | null): Promise<SaveAnswer>;
  remove(name: string): Promise<Failure | { readonly type: 'removed' }>;
}

/** Saved dashboards, over HTTP beside the page. */
export function createDashboardClient(fetch: typeof globalThis.fetch): DashboardClient {
  const pathOf = (name: string) => `dashboards/${encodeURIComponent(name)}`;
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(path, { cache: 'no-cache', ...init }).catch(() => null);
  return {
    async list() {
      const response = await ask('dashboards');
      if (response === null || !response.ok) return null;
      return parseList(await response.json().catch(() => null));
    },
    async read(name) {
      const response = await ask(pathOf(name));
      if (response?.status === 404) return { type: 'missing' };
      if (response === null || !response.ok) return failure(response);
      try {
        const dashboard = parseDashboard(await response.json());
        return { type: 'read', dashboard, etag: response.headers.get('etag') };
      } catch (error) {
        return { type: 'failed', status: response.status, detail: String(error) };
      }
    },
    async save(name, dashboard, etag) {
      const condition = etag === null ? { 'if-none-match': '*' } : { 'if-match': etag };
      const response = await ask(pathOf(name), {
        method: 'PUT',
        headers: { 'content-type': 'application/json', ...condition },
        body: JSON.stringify(dashboard),
      });
      if (response?.status === 412) return { type: 'conflict' };
      return response?.ok ? { type: 'saved', etag: response.headers.get('etag') } : failure(response);
    },
    async remove(name) {
      const response = await ask(pathOf(name), { method: 'DELETE' });
      return response?.ok || response?.status === 404 ? { type: 'removed' } : failure(response);
    },
  };
}

async function failure(response: Response | null): Promise<Failure> {
  if (response === null) return { type: 'failed', status: 0, detail: '' };
  const problem: unknown = await response.json().catch(() => null);
  const detail = isRecord(problem) && typeof problem.detail === 'string' ? problem.detail : '';
  return { type: 'failed', status: response.status, detail };
}

function parseList(json: unknown): DashboardSummary[] | null {
  if (!isRecord(json) || !Array.isArray(json.dashboards)) return null;
  return json.dashboards
    .filter((entry): entry is DashboardSummary => isRecord(entry) && typeof entry.name === 'string')
    .map(({ name, title }) => ({ name, title: typeof title === 'string' ? title : null }));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
