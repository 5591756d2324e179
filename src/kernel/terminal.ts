import koffi from 'koffi';

const STDIN = 0;
/** signal(7) on x86 and arm. */
const SIGTTOU = 22;
/** signal(2): the default action, and to ignore. */
const DEFAULT = 0;
const IGNORE = 1;

/**
 * Makes this process’s group the foreground group of its terminal again. A shell in another pid namespace
 * can’t do it at its end: there, the group that it took the terminal from has no number. Until then the kernel
 * stops whoever sets the terminal’s mode.
 */
export function takeTerminal(): void {
  const library = koffi.load(null);
  const signal = library.func('intptr_t signal(int signal, intptr_t handler)') as (
    signal: number,
    handler: number,
  ) => number;
  const getpgrp = library.func('int getpgrp()') as () => number;
  const tcsetpgrp = library.func('int tcsetpgrp(int fd, int group)') as (fd: number, group: number) => number;
  signal(SIGTTOU, IGNORE);
  tcsetpgrp(STDIN, getpgrp());
  signal(SIGTTOU, DEFAULT);
}
