import { readFileSync } from 'node:fs';

/** Names the time since this machine started, within which nothing that was written is lost; null where it has no name. */
export function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
