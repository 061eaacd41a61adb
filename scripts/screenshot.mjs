// Renews the README's pictures: node scripts/screenshot.mjs [SECONDS]. Starts Tablecast on free ports, lets it gather data for
// so long (150 s where not given), and takes the page in light and dark with the Chromium that the browser tests use.
import { requireNodeVersion } from './prepare/node-version.mjs';

requireNodeVersion();
const { mkdirSync } = await import('node:fs');
const { createServer } = await import('node:net');
const { join } = await import('node:path');
const { setTimeout: delay } = await import('node:timers/promises');
const { ensureChromium } = await import('./prepare/chromium.mjs');
const { ensureBuilt, runMain } = await import('./prepare/prepare.mjs');
const { projectRoot } = await import('./prepare/project.mjs');
const { CommandFailed } = await import('./prepare/run-command.mjs');
const { startProgram } = await import('./supervisor/child-program.mjs');

const viewport = { width: 1440, height: 900 };
const table = 'cpu';
const defaultSeconds = 150;
const rateSeconds = 12;

/** @returns {Promise<string>} a ZeroMQ address on this machine that nobody uses */
function freeAddress() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(`tcp://127.0.0.1:${port}`));
    });
  });
}

/** @param {import('./supervisor/child-program.mjs').ChildProgram} program @returns {Promise<string>} the page's address */
async function printedAddress(program) {
  const { stdout } = program.process;
  if (stdout === null) throw new CommandFailed('Tablecast has no output to read.', 1);
  let text = '';
  for await (const chunk of stdout) {
    text += chunk;
    const address = /Tablecast is live at (\S+)/.exec(text)?.[1];
    if (address !== undefined) return address;
  }
  throw new CommandFailed('Tablecast did not start.', 1);
}

/** @param {import('playwright-core').Browser} browser @param {string} url @param {'light' | 'dark'} colorScheme */
async function takePicture(browser, url, colorScheme) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${url}?table=${table}`);
  await page.locator('[role=img] canvas').first().waitFor();
  // The page measures the rate of rows over some seconds; then the next commit is drawn, and chart and table are whole.
  await delay(rateSeconds * 1000);
  const drawn = Number(await page.locator('html').getAttribute('data-version'));
  await page.locator(`html:not([data-version="${drawn}"])`).waitFor();
  const path = join(projectRoot, 'docs', `page-${colorScheme}.png`);
  await page.screenshot({ path });
  console.log(path);
  await context.close();
}

await runMain(async () => {
  await ensureBuilt();
  const executablePath = await ensureChromium();
  const { chromium } = await import('playwright-core');
  mkdirSync(join(projectRoot, 'docs'), { recursive: true });
  const flags = ['--port', '0', '--connect', await freeAddress(), '--bind', 'none', '--pull', 'none'];
  const module = join(projectRoot, 'scripts', 'start.mjs');
  const program = startProgram({ module, args: flags, stdout: 'pipe' });
  try {
    const url = await printedAddress(program);
    await delay(Number(process.argv[2] ?? defaultSeconds) * 1000);
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      await takePicture(browser, url, 'light');
      await takePicture(browser, url, 'dark');
    } finally {
      await browser.close();
    }
  } finally {
    await program.close();
  }
});
