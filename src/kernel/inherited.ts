import { readdirSync } from 'node:fs';
import koffi from 'koffi';

const library = koffi.load(null);
const fcntl = library.func('int fcntl(int fd, int command, ...)') as (
  fd: number,
  command: number,
  type: 'int',
  value: number,
) => number;

/** Linux's numbers (include/uapi/asm-generic/fcntl.h). */
const F_SETFD = 2;
const FD_CLOEXEC = 1;
const STANDARD = 2;

/** Makes programs that are started from now on inherit none of the descriptors that are open now, but the standard three. */
export function keepDescriptors(): void {
  for (const fd of readdirSync('/proc/self/fd').map(Number))
    if (fd > STANDARD) fcntl(fd, F_SETFD, 'int', FD_CLOEXEC);
}
