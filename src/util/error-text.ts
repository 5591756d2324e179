import { getSystemErrorMap } from 'node:util';

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error's message in one line. Joins messages of several lines, and errors of disposal. */
export function oneLine(error: unknown): string {
  if (error instanceof SuppressedError)
    return `${oneLine(error.suppressed)}; and then ${oneLine(error.error)}`;
  return messageOf(error)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(': ');
}

/** A system error in words, without Node's call and path: `no space left on device (ENOSPC)`. */
export function explain(error: unknown): string {
  const { errno } = error as NodeJS.ErrnoException;
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno);
  return known ? `${known[1]} (${known[0]})` : messageOf(error);
}
