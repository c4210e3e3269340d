import process from 'node:process';
import { loadConfig } from '../config/load.ts';
import { checkServices } from './app/check-services.ts';
import { openApp } from './app/compose.ts';
import { surroundingsOf } from './cli/dependencies.ts';
import { runCli } from './cli/program.ts';
import { directories } from './directories/index.ts';
import { createLogger } from './observability/logger.ts';

/** A command prints its errors for people; log lines are added only on request. */
const isLogWanted = Boolean(process.env['LOG_LEVEL'] || process.env['LOG_LEVEL_FILE']);

const exitCode = await runCli(process.argv.slice(2), {
  ...surroundingsOf(process),
  directories,
  open: async () => {
    const config = loadConfig(process.env);
    return openApp(config, createLogger({ level: isLogWanted ? config.logLevel : 'silent' }));
  },
  checkServices: () => checkServices(process.env, createLogger({ level: 'silent' })),
  rehearse: async (onRehearsed) => {
    const { rehearseAll } = await import('./app/rehearse.ts');
    return rehearseAll(loadConfig(process.env), onRehearsed);
  },
  // Loaded only here: the web server and the workers would slow every other command down.
  serve: async (role) => {
    const { serve } = await import('./app/serve.ts');
    const config = loadConfig(process.env);
    return serve({
      config,
      role,
      log: createLogger({ level: config.logLevel }),
      process,
    });
  },
});
// All is written and closed; what a broken connection still waits for must not keep the process.
process.exit(exitCode);
