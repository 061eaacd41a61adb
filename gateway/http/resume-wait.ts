import type { GatewayParts } from '../gateway-parts.ts';

/** The version that a viewer goes on from. */
export interface ResumePosition {
  readonly epoch: string;
  readonly version: number;
}

/**
 * Resolves once this process shows what its first one does, for what a program was told there it shall not miss here, and the
 * version that another gateway has told, or after a while; null where nothing is to be waited for.
 */
export function resumeWait(
  { log, versions, link }: Pick<GatewayParts, 'log' | 'versions' | 'link'>,
  since: ResumePosition | null,
): Promise<void> | null {
  const reached = () =>
    since === null || since.epoch !== log.epoch ? null : versions.reached(since.version);
  return link.catchUp === null ? reached() : link.catchUp().then(() => reached() ?? undefined);
}
