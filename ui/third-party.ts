import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const LICENSE_FILE = /^(licen[cs]e|copying)(\.\w+)?$/i;
const README_FILE = /^readme\.md$/i;
const NOTICE_FILE = /^notice(\.\w+)?$/i;

/**
 * Writes `third-party.txt` beside what is built: each package that a bundle has parts of, with its licence and notice, as
 * those licences ask for.
 *
 * @throws Error where a bundled package has no licence text
 */
export function thirdParty(): Plugin {
  const folders = new Set<string>();
  return {
    name: 'third-party',
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        for (const id of output.moduleIds) {
          const folder = packageFolder(id);
          if (folder !== null) folders.add(folder);
        }
      }
      const source = [...folders]
        .sort()
        .map(entryOf)
        .join(`\n${'─'.repeat(80)}\n\n`);
      this.emitFile({ type: 'asset', fileName: 'third-party.txt', source });
    },
  };
}

/** The folder of the package that a module is of; null for our own and for the bundler's. */
function packageFolder(moduleId: string): string | null {
  const [path = ''] = moduleId.replace(/^\0/, '').split('?');
  const start = path.replaceAll('\\', '/').lastIndexOf('/node_modules/');
  if (start < 0) return null;
  const [scope = '', name = ''] = path.slice(start + '/node_modules/'.length).split(/[\\/]/);
  const folder = join(
    path.slice(0, start),
    'node_modules',
    scope.startsWith('@') ? `${scope}/${name}` : scope,
  );
  return existsSync(join(folder, 'package.json')) ? folder : null;
}

function entryOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license: string;
  };
  const files = readdirSync(folder);
  const texts = [LICENSE_FILE, NOTICE_FILE].flatMap((pattern) => files.filter((file) => pattern.test(file)));
  const bodies = texts.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (!texts.some((file) => LICENSE_FILE.test(file))) bodies.push(licenseOfReadme(folder, files));
  return `${name} ${version} (${license})\n\n${bodies.join('\n\n')}\n`;
}

/** A few packages have no file for it. */
function licenseOfReadme(folder: string, files: readonly string[]): string {
  const readme = files.find((file) => README_FILE.test(file));
  const sections = readme === undefined ? [] : readFileSync(join(folder, readme), 'utf8').split(/^#+ /m);
  const section = sections.find((text) => /^licen[cs]e\s/i.test(text));
  if (section === undefined) throw new Error(`What is bundled of ${folder} has no licence text there`);
  return section.trim();
}
