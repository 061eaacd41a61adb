import { createHash } from 'node:crypto';

/**
 * A strong validator (RFC 9110, 8.8.3): of a table in one epoch as of its last change, in one representation. Answers
 * that could differ in a byte have different ones, and so have encodings.
 */
export function entityTag(of: {
  readonly epoch: string;
  readonly changed: number;
  /** Everything that decides on the bytes beside the table's content. */
  readonly representation: readonly unknown[];
}): string {
  const digest = createHash('sha256').update(JSON.stringify(of.representation)).digest('base64url');
  return `"${of.epoch}-${of.changed}-${digest.slice(0, 16)}"`;
}

/** Whether `If-None-Match` names the tag: compared weakly, in a list or as `*` (RFC 9110, 13.1.2). */
export function isNamedBy(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((one) => ['*', tag, `W/${tag}`].includes(one.trim()));
}
