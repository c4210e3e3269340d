/** Longer than any file takes on two busy cores. */
const slowAfterMs = 10 * 60_000;

/**
 * Names the files that are still running after ten minutes. Jest ends no test that keeps its process busy, so without
 * this a run that hangs does not say where.
 */
export default class NameSlowFiles {
  #timers = new Map();

  onTestFileStart({ path }) {
    const name = () => process.stderr.write(`${path} has been running for 10 minutes.\n`);
    this.#timers.set(path, setTimeout(name, slowAfterMs).unref());
  }

  onTestFileResult({ path }) {
    clearTimeout(this.#timers.get(path));
  }
}
