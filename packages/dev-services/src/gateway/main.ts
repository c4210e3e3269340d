/** The gateway as a process of its own: `main.ts PORT POSTGRES_PORT`. It runs until it's asked to stop. */
import { startGateway } from './server.ts';

const [port, postgresPort] = process.argv.slice(2).map(Number);
if (port === undefined || postgresPort === undefined) throw new Error('usage: PORT POSTGRES_PORT');
const log = (line: string): void => {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
};
await startGateway({
  port,
  postgresPort,
  log,
  onPostgresEnd: () => {
    log('PostgreSQL has ended, and with it the gateway');
    process.exit(1);
  },
});
log(`listening on 127.0.0.1:${port}`);
