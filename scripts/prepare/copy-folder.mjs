// node copy-folder.mjs FROM TO: a folder or a file, what a build needs as it is, without compiling. Paths are below the working directory.
import { cpSync } from 'node:fs';

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) throw new Error('Two paths are wanted: from and to.');
cpSync(from, to, { recursive: true });
