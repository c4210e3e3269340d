/*
 * The entry point looks at the version of Node.js before anything is loaded: what it loads has syntax
 * and packages that an older Node.js refuses with a SyntaxError, which says nothing to a person.
 */
const oldest = [20, 19] as const;

const { node } = process.versions;
const [major = 0, minor = 0] = node.split('.').map(Number);

if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) {
  void import('./run-command-line.ts');
} else {
  process.stderr.write(
    `Rollcall needs Node.js ${oldest.join('.')} or newer; this is ${node}.\n` +
      'Install a newer one, or put it first in PATH. Step by step: docs/runbooks/does-not-start.md\n',
  );
  process.exitCode = 78;
}

export {};
