/** How Redis and the gateway are started. */
import { join } from 'node:path';
import type { DebianState } from '../instance.ts';

const GATEWAY = join(import.meta.dirname, '../gateway/main.ts');

/** BullMQ needs noeviction: an evicted key is a lost job. */
export function redisCommand(given: {
  data: string;
  port: number;
  isDisposable: boolean;
}): string[] {
  const settings = {
    port: String(given.port),
    bind: '127.0.0.1',
    dir: given.data,
    'maxmemory-policy': 'noeviction',
    save: '',
    appendonly: given.isDisposable ? 'no' : 'yes',
    daemonize: 'no',
  };
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return ['/usr/bin/redis-server', ...words];
}

export function gatewayCommand(ports: DebianState['ports']): readonly [string, readonly string[]] {
  const words = ['--import', import.meta.resolve('tsx'), GATEWAY];
  return [process.execPath, [...words, String(ports.gateway), String(ports.postgres)]];
}
