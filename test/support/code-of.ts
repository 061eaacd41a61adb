import { type ErrorCode, TablecastError } from '../../protocol/errors.ts';

/** The code with which the action fails; null where it does not fail. What has no code is thrown on. */
export function codeOf(action: () => unknown): ErrorCode | null {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof TablecastError) return thrown.code;
    throw thrown;
  }
  return null;
}
