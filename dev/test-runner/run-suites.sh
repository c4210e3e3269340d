# What bin/test and bin/test-browser share; sourced in the repository's root.

# Installs what package-lock.json names, unless it is there already.
install_packages() {
  if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund --loglevel=error
  fi
}

# run_suites PROJECT… -- JEST-ARGUMENT…: runs jest's projects with the services, prints the counts as the
# last line, and gives 0 only if all passed. Arguments come first: --selectProjects takes all words after it.
run_suites() {
  local projects=() results status=0
  while [ "$1" != -- ]; do projects+=("$1"); shift; done
  shift
  results=$(mktemp)
  node --import tsx dev/services/main.ts run -- \
    node node_modules/jest/bin/jest.js "$@" --passWithNoTests --json --outputFile="$results" \
    --selectProjects "${projects[@]}" || status=$?
  count_tests "$results" || status=1
  rm -f "$results"
  return "$status"
}

# Prints `N passed, N failed` from jest's results. A suite that could not run, and a jest that left no results,
# count as failed.
count_tests() {
  node --input-type=commonjs --eval '
    const text = require("node:fs").readFileSync(process.argv[1], "utf8");
    const none = { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 1 };
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = text === "" ? none : JSON.parse(text);
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    console.log(`${numPassedTests} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  ' "$1"
}
