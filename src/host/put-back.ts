import type { Host } from './host.ts';

/**
 * Sets a sysctl back to its value from before, and reads it again.
 *
 * @returns the value that it had
 * @throws Error in one line where it can't be set, or reads another value than before
 */
export function putBack(
  host: Pick<Host, 'readSysctl' | 'writeSysctl'>,
  name: string,
  before: string,
): string {
  const had = host.readSysctl(name);
  if (had === before) return had;
  const now = host.writeSysctl(name, before);
  if (now !== before) throw new Error(`${name}: was ${before}, now ${now}`);
  return had;
}
