// Says whether this Node can run the project. Imports nothing, so that old versions get this far.

export const minimumNodeVersion = '20.19.0';

/**
 * @param {string} version as in process.versions.node
 * @param {string} [minimum]
 * @returns {string | null} one line for people, or null where the version will do
 */
export function nodeVersionProblem(version, minimum = minimumNodeVersion) {
  const found = version.split('.').map((part) => Number.parseInt(part, 10));
  const wanted = minimum.split('.').map((part) => Number.parseInt(part, 10));
  for (let index = 0; index < wanted.length; index += 1) {
    const difference = (found[index] || 0) - (wanted[index] || 0);
    if (difference > 0) return null;
    if (difference < 0) {
      return `Tablecast needs Node ${minimum} or newer; this is Node ${version}. Get a newer one at https://nodejs.org/`;
    }
  }
  return null;
}

/** Ends the process with one line where this Node is too old. */
export function requireNodeVersion() {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem === null) return;
  console.error(problem);
  process.exit(1);
}
