import type { Finding } from '../dependencies.ts';

export function good(about: string, message: string): Finding {
  return { about, ok: true, message };
}

export function bad(about: string, message: string, advice: string): Finding {
  return { about, ok: false, message, advice };
}
