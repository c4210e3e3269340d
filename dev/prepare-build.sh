# Functions that the scripts of bin/ share; sourced in the repository's root.

are_packages_old() {
  [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]
}

# A folder is newer too when a file in it was added or removed.
is_build_old() {
  [ ! -f dist/src/main.js ] ||
    [ -n "$(find src jobs config web package.json tsconfig*.json -newer dist/src/main.js -print -quit)" ]
}

# Says why nothing can be built here, before npm and the compiler say it in their own words.
require_buildable() {
  if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
    echo "Rollcall needs Node.js 20.19 or newer; this is $(node --version)." >&2
    echo "Install a newer one, or put it first in PATH. Step by step: docs/runbooks/does-not-start.md" >&2
    exit 78
  fi
  if [ ! -w . ] || { [ -e dist ] && [ ! -w dist ]; }; then
    echo "Rollcall must be built first, and $(id -un) may not write to $PWD." >&2
    echo "Have the owner of the folder run: npm run build. Step by step: docs/runbooks/does-not-start.md" >&2
    exit 78
  fi
}

# Installs the packages of package-lock.json and builds dist/, each only when it is missing or older than its
# sources; costs milliseconds otherwise. Of two processes the second waits for the first (macOS has no `flock`).
prepare_build() {
  if ! are_packages_old && ! is_build_old; then return; fi
  require_buildable
  (
    if command -v flock >/dev/null; then flock 9; fi
    # With NODE_ENV=production npm would leave out the packages for building and testing.
    if are_packages_old; then
      echo 'Installing the packages (half a minute, longer without a cache).' >&2
      npm ci --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error >&2
    fi
    # A build that failed halfway must not pass for a new one.
    if is_build_old; then
      echo 'Building (a few seconds).' >&2
      npm run --silent build >&2 || { rm -rf dist; exit 1; }
    fi
  ) 9<package-lock.json
}
