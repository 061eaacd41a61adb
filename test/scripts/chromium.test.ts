import { describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/prepare/chromium.mjs';

describe('finding Chromium', () => {
  it('takes the one that is named', () => {
    expect(findChromium({ env: { TABLECAST_CHROMIUM: '/opt/mine' }, works: () => true })).toBe('/opt/mine');
  });

  it('takes no other where the named one does not run', () => {
    const works = (path: string): boolean => path !== '/opt/mine';
    expect(findChromium({ env: { TABLECAST_CHROMIUM: '/opt/mine' }, works })).toBeNull();
  });

  it.runIf(process.platform !== 'win32')('prefers Chromium to Chrome on the PATH', () => {
    const env = { PATH: '/first:/second' };
    const there = new Set(['/first/google-chrome', '/second/chromium']);
    expect(findChromium({ env, platform: 'linux', works: (path) => there.has(path) })).toBe(
      '/second/chromium',
    );
  });

  const usualPlaces: readonly [NodeJS.Platform, Record<string, string>, string][] = [
    ['linux', { PATH: '' }, '/usr/bin/chromium'],
    ['darwin', {}, '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    ['win32', { ProgramFiles: 'C:/Programs' }, 'C:/Programs/Google/Chrome/Application/chrome.exe'],
    ['win32', { LOCALAPPDATA: 'C:/Mine' }, 'C:/Mine/Google/Chrome/Application/chrome.exe'],
  ];

  it.each(usualPlaces)('looks in the usual places of %s', (platform, env, path) => {
    const works = (candidate: string): boolean => candidate.replaceAll('\\', '/') === path;
    expect(findChromium({ env, platform, works })?.replaceAll('\\', '/')).toBe(path);
  });

  it('says that there is none', () => {
    expect(findChromium({ env: {}, platform: 'linux', works: () => false })).toBeNull();
  });
});
