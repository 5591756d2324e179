import { readdirSync } from 'node:fs';
import koffi from 'koffi';
import { checked } from './libc.ts';

const library = koffi.load(null);
const native = {
  fcntl: library.func('int fcntl(int fd, int command, ...)') as (
    fd: number,
    command: number,
    type: 'int',
    value: number,
  ) => number,
  syscall: library.func('long syscall(long number, ...)') as (
    number: number,
    ...rest: readonly (string | number | null)[]
  ) => number,
};

/** Linux's numbers (include/uapi/asm-generic/fcntl.h, include/uapi/linux/keyctl.h). */
const F_SETFD = 2;
const FD_CLOEXEC = 1;
const JOIN_SESSION_KEYRING = 1;
const STANDARD = 2;
/** keyctl(2) has no function in the C library, and a number of its own on each architecture. */
const KEYCTL: Partial<Record<NodeJS.Architecture, number>> = { x64: 250, arm64: 219 };

/**
 * Makes programs that this process starts inherit nothing of whoever started it: no descriptor beyond the standard
 * three, and none of the keys of the user's session. For programs in the hands of strangers.
 *
 * @throws Error where the keyring can't be left: on another architecture, or out of quota
 */
export function inheritNothing(): void {
  keepDescriptors();
  const keyctl = KEYCTL[process.arch];
  if (keyctl === undefined) throw new Error(`the session’s keys can’t be kept back on ${process.arch}`);
  const joined = native.syscall(keyctl, 'long', JOIN_SESSION_KEYRING, 'const char *', null);
  // A kernel without keyrings has no keys to keep back.
  if (joined < 0 && koffi.errno() === koffi.os.errno.ENOSYS) return;
  checked('keyctl', joined);
}

/** Makes programs that are started from now on inherit none of the descriptors that are open now, but the standard three. */
export function keepDescriptors(): void {
  for (const fd of readdirSync('/proc/self/fd').map(Number))
    if (fd > STANDARD) native.fcntl(fd, F_SETFD, 'int', FD_CLOEXEC);
}
