import { getSystemErrorMap } from 'node:util';

/** A system error in words, without Node's call and path: `no space left on device (ENOSPC)`. */
export function explain(error: unknown): string {
  const { errno } = error as NodeJS.ErrnoException;
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno);
  return known ? `${known[1]} (${known[0]})` : String(error);
}
