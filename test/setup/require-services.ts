/** Runs before every test file of a project that needs the services: without them it fails at once and says so. */
import { testServices } from './services.ts';

testServices();
// Per project jest takes a timeout only from here: it ignores `testTimeout` in a project's configuration.
jest.setTimeout(60_000);
