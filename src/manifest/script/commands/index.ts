import type { Program } from '../program.ts';
import { cat, echo, printf, tee } from './files.ts';
import { forEver, no, nothing, sleep, test } from './harmless.ts';
import { conntrack } from './conntrack.ts';
import { nft } from './nft.ts';
import { sysctl } from './sysctl.ts';
import { chroot, nsenter, prefix, shell, timeout } from './wrappers.ts';

/** The programs that scripts in manifests call, by name. To add one: a program, and a line here. */
export const PROGRAMS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['sysctl', sysctl],
  ['nft', nft],
  ['conntrack', conntrack],
  ['echo', echo],
  ['printf', printf],
  ['cat', cat],
  ['tee', tee],
  ['sh', shell],
  ['bash', shell],
  ['ash', shell],
  ['dash', shell],
  ['nsenter', nsenter],
  ['chroot', chroot],
  ['timeout', timeout],
  ...['sudo', 'exec', 'env', 'nice', 'busybox', 'command', 'nohup', 'tini', 'dumb-init'].map(
    (name) => [name, prefix] as const,
  ),
  ['sleep', sleep],
  ['wait', forEver],
  ['pause', forEver],
  ['tail', forEver],
  ['true', nothing],
  [':', nothing],
  ['trap', nothing],
  ['mount', nothing],
  ['ulimit', nothing],
  ['umask', nothing],
  ...['modprobe', 'apk', 'apt-get', 'apt', 'yum', 'dnf'].map((name) => [name, nothing] as const),
  ['date', nothing],
  ['false', no],
  ['[', test],
  ['test', test],
]);
