import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { minimumNodeVersion, nodeVersionProblem } from '../../scripts/prepare/node-version.mjs';

describe('the Node version', () => {
  it.each(['20.19.0', '20.19.1', '20.20.0', '21.0.0', '24.1.0', '100.0.0'])('%s will do', (version) => {
    expect(nodeVersionProblem(version)).toBeNull();
  });

  it.each(['20.18.9', '20.9.0', '18.20.0', '9.99.99'])(
    '%s is refused in one line that names both',
    (version) => {
      const problem = nodeVersionProblem(version);
      expect(problem).toContain(`this is Node ${version}`);
      expect(problem).toContain('20.19.0 or newer');
      expect(problem).not.toContain('\n');
    },
  );

  it('is the one that package.json asks for', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(`${manifest.engines.node}.0`).toBe(`>=${minimumNodeVersion}`);
  });
});
