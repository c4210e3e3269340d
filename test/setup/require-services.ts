/**
 * Runs before every test file of a project that needs the services: without them it fails at once
 * and says so.
 */
import { testServices } from './services.ts';

testServices();
