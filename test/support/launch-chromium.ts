import { type Browser, chromium } from 'playwright-core';
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

/** The system's Chromium, headless. */
export async function launchChromium(options: { args?: readonly string[] } = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error('No Chromium found: run npm test once, or set TABLECAST_CHROMIUM');
  return chromium.launch({ executablePath, args: [...calmFlags, ...(options.args ?? [])] });
}
