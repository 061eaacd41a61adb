import { findChromium } from '../../scripts/prepare/chromium.mjs';

const calmFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How the system's Chromium is launched. @throws Error where there is none */
export function chromiumOptions(): { executablePath: string; args: string[] } {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error('No Chromium found: run npm test once, or set TABLECAST_CHROMIUM');
  return { executablePath, args: calmFlags };
}
