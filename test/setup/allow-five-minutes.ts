/**
 * Runs before every test file: property tests and whole processes take long on a busy machine. Per project jest takes a
 * timeout only from such a file: it ignores `testTimeout` in a project's configuration.
 */
jest.setTimeout(300_000);
