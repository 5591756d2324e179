import type { Place, Program, Text } from '../program.ts';
import { FAILED, UNKNOWN } from '../program.ts';

/** `sh -c TEXT ARGS…`, `sh FILE`. */
export const shell: Program = (args, { script, system, source, stdin }) => {
  const options = args.filter((arg) => arg?.startsWith('-') === true);
  const at = args.findIndex((arg) => arg !== undefined && /^-[a-z]*c$/.test(arg));
  const strict = options.some((option) => /^-[a-z]*e/.test(option ?? '')) ? 'set -e\n' : '';
  if (at >= 0) {
    const text = args[at + 1];
    if (text !== undefined) return script(`${strict}${text}`, args.slice(at + 3));
  }
  const [file, ...rest] = args.filter((arg) => arg?.startsWith('-') !== true);
  const text = at >= 0 ? undefined : file === undefined ? stdin : system.readFile(file);
  if (text !== undefined && text !== '') return script(`${strict}${text}`, rest);
  system.gap(source, 'what it runs is known only on the node');
  return UNKNOWN;
};

/** nsenter(1), through process 1: the node's where the pod has hostPID, else the container's own. */
export const nsenter: Program = (args, { run, place, system, source }) => {
  if (!place.mayWrite) {
    system.gap(source, 'it fails: only a privileged container may enter other namespaces');
    return FAILED;
  }
  const options = args.slice(0, commandAt(args)).filter((arg) => arg !== undefined);
  const rest = args.slice(commandAt(args));
  const net = options.some((option) => /^(-[a-z]*[na][a-z]*|--all|--net\b.*)$/i.test(option));
  const inside: Place = net && place.seesNode ? { ...place, network: 'node' } : place;
  return rest.length === 0 ? UNKNOWN : run(rest, inside);
};

/** Options with a separate value: `-t 1`, `-m /proc/1/ns/mnt`. */
const VALUED = new Set(['-t', '--target', '-S', '-G', '--setuid', '--setgid']);

function commandAt(args: readonly Text[]): number {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--') return i + 1;
    if (arg === undefined) continue;
    if (VALUED.has(arg)) i++;
    else if (!arg.startsWith('-')) return i;
  }
  return args.length;
}

/** chroot(8): another root, the same namespaces. */
export const chroot: Program = ([, ...rest], { run }) => (rest.length === 0 ? UNKNOWN : run(rest));

/** `sudo`, `exec`, `env`, `nice`, `busybox`: the rest is the command. */
export const prefix: Program = (args, { run }) => {
  const at = args.findIndex((arg) => arg === undefined || !(arg.startsWith('-') || /^\w+=/.test(arg)));
  return at < 0 ? { status: 'ok', out: '' } : run(args.slice(at));
};

/** timeout(1): the rest, after the time. */
export const timeout: Program = (args, around) => {
  const at = args.findIndex((arg) => arg?.startsWith('-') !== true);
  return around.run(args.slice(at + 1));
};
