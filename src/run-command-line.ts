import process from 'node:process';
import type { LevelWithSilent } from 'pino';
import type { Config } from '../config/load.ts';
import { surroundingsOf } from './cli/dependencies.ts';
import { runCli } from './cli/program.ts';

/*
 * Everything is loaded where it is first needed: loading all parts takes two seconds of processor
 * time, and a command needs a few of them.
 */

const readSettings = async () => (await import('../config/load.ts')).loadConfig(process.env);

const logAt = async (level: LevelWithSilent) =>
  (await import('./observability/logger.ts')).createLogger({ level });

/** A command prints its errors for people; log lines are added only on request. */
const logOfCommand = ({ logLevel }: Config) =>
  logAt(process.env['LOG_LEVEL'] || process.env['LOG_LEVEL_FILE'] ? logLevel : 'silent');

const exitCode = await runCli(process.argv.slice(2), {
  ...surroundingsOf(process),
  directories: async () => (await import('./directories/index.ts')).directories,
  open: async () => {
    const config = await readSettings();
    const { openApp } = await import('./app/compose.ts');
    return openApp(config, await logOfCommand(config));
  },
  openDatabase: async () => {
    const config = await readSettings();
    const { openDatabase } = await import('./app/open-database.ts');
    return openDatabase(config, await logOfCommand(config));
  },
  checkServices: async () => {
    const { checkServices } = await import('./app/check-services.ts');
    return checkServices(process.env, await logAt('silent'));
  },
  rehearse: async (onRehearsed) => {
    const { rehearseAll } = await import('./app/rehearse.ts');
    return rehearseAll(await readSettings(), onRehearsed);
  },
  serve: async (role) => {
    const { logFailedStart, serve } = await import('./app/serve.ts');
    const config = await readSettings().catch(async (error: unknown) => {
      logFailedStart(await logAt('fatal'), { role, error });
      throw error;
    });
    return serve({ config, role, log: await logAt(config.logLevel), process });
  },
});
// All is written and closed; what a broken connection still waits for must not keep the process.
process.exit(exitCode);
