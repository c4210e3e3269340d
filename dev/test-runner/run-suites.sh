# What bin/test and bin/test-browser share; sourced in the repository's root.

# run_suites PROJECT… -- JEST-ARGUMENT…: runs jest's projects with the services, prints the counts as the
# last line, and gives 0 only if all passed. Arguments come first: --selectProjects takes all words after it.
run_suites() {
  local projects=() results status=0
  while [ "$1" != -- ]; do projects+=("$1"); shift; done
  shift
  require_tests "${projects[@]}" || return 1
  results=$(mktemp)
  node --import tsx packages/dev-services/src/main.ts run -- \
    node node_modules/jest/bin/jest.js "$@" --json --outputFile="$results" \
    --selectProjects "${projects[@]}" || status=$?
  count_tests "$results" || status=1
  rm -f "$results"
  return "$status"
}

# jest passes over a project whose tests are gone.
require_tests() {
  local project
  for project in "$@"; do
    if [ -z "$(find "test/$project" -name '*.test.ts' -print -quit)" ]; then
      printf 'test/%s has no test.\n' "$project" >&2
      echo '0 passed, 1 failed'
      return 1
    fi
  done
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
