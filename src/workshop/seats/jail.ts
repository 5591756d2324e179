import { existsSync } from 'node:fs';
import { execa } from 'execa';
import type { Words } from '../../host/host.ts';
import type { Hands, Place } from '../../lab/hands.ts';
import { missingTools } from '../../lab/netns/outside/tools.ts';
import { finder } from '../../toolchain/programs.ts';
import { commandIn, LAB_FILES } from '../../lab/shell.ts';
import { withoutKeys } from './seccomp.ts';
import type { Check } from '../../lab/entry.ts';

/** A small disk for what learners write, so that none fills the machine’s memory. */
const DISK = `${LAB_FILES}/tmp`;
/** The filter of a learner’s system calls. */
const FILTER = `${LAB_FILES}/seccomp`;
/** Bytes of the disk, and of each file elsewhere that a learner may change. */
const SPACE = 16 << 20;
/** The learner’s processes and threads, with those of the lab. */
const PROCESSES = 600;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a learner may read of the machine’s files: its programs, and what they need. */
const PROGRAMS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64'];
const SETTINGS = [
  ...['alternatives', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'protocols', 'services', 'iproute2'],
  ...['ethertypes', 'nftables', 'terminfo', 'inputrc'],
].map((name) => `/etc/${name}`);
const RESOLVER = ['resolv.conf', 'hosts', 'nsswitch.conf'];

/** They tell of the keys of everybody with the machine’s user, by name. */
const KEYS = ['/proc/keys', '/proc/key-users'];

/** Programs that the walls are made of, by package. */
const NEEDED = { bwrap: 'bubblewrap', prlimit: 'util-linux' };

/** What makes a lab fit for strangers: no user namespace can be made in it, and it has a small disk and the filter. */
const PREPARE = `set -e
echo 0 > /proc/sys/user/max_user_namespaces
mkdir -p "$1"
mount -t tmpfs -o size=${String(SPACE)},nr_inodes=2000,nosuid,nodev,mode=1777 tmp "$1"
cat > "$2"`;
/** Opens the first argument for `bwrap`, which closes it. */
const WITH_FILTER = 'filter=$1; shift; exec "$@" 9< "$filter"';

/** A wall that this machine can’t make: another lab’s would fail, too. */
export class NoWall extends Error {
  override readonly name = 'NoWall';
}

/** Makes a lab fit for learners, and tries their wall. @throws NoWall with what the wall’s programs say */
export async function prepareJail(
  hands: Pick<Hands, 'within' | 'places'>,
  signal: AbortSignal,
): Promise<void> {
  const [program, ...args] = hands.within;
  await execa(program, [...args, 'sh', '-c', PREPARE, 'sh', DISK, FILTER], {
    cancelSignal: signal,
    input: withoutKeys() ?? '',
  });
  const [place] = hands.places;
  if (place === undefined) return;
  const [file, ...words] = jailed(hands, place, ['true']);
  const { failed, stderr } = await execa(file, words, { cancelSignal: signal, reject: false });
  signal.throwIfAborted();
  if (failed) throw new NoWall(`a learner’s terminal can’t be opened here: ${stderr.trim()}`);
}

/**
 * A command for a learner in a node or a pod. It sees programs, its own processes, and the sysctls of its network
 * namespace; it may change that network namespace, and nothing else.
 */
export function jailed(hands: Pick<Hands, 'within'>, place: Place, command: Words): Words {
  const bind = (option: string, paths: readonly string[]): readonly string[] =>
    paths.flatMap((path) => [option, path, path]);
  return commandIn(hands, place, [
    'prlimit',
    ...[`--nproc=${String(PROCESSES)}`, `--fsize=${String(SPACE)}`, '--core=0', '--'],
    ...['sh', '-c', WITH_FILTER, 'sh', FILTER],
    ...['bwrap', '--seccomp', '9', '--unshare-pid', '--unshare-ipc', '--die-with-parent'],
    ...bind('--ro-bind-try', [...PROGRAMS, ...SETTINGS]),
    // Pods have files of their own, which the learner may change.
    ...(place.kind === 'pod'
      ? RESOLVER.flatMap((name) => ['--bind-try', `/run/pods/${name}`, `/etc/${name}`])
      : []),
    ...['--proc', '/proc', '--bind', '/proc/sys/net', '/proc/sys/net'],
    ...KEYS.filter((path) => existsSync(path)).flatMap((path) => ['--ro-bind', '/dev/null', path]),
    ...['--dev', '/dev', '--remount-ro', '/dev', '--bind', DISK, '/tmp', '--remount-ro', '/'],
    ...['--cap-drop', 'ALL', '--cap-add', 'CAP_NET_ADMIN', '--cap-add', 'CAP_NET_RAW'],
    ...['--chdir', '/tmp', '--', ...command],
  ]);
}

/** The environment of a learner’s command: nothing of the trainer’s. */
export function jailEnvironment({ name, kind }: Place): Readonly<Record<string, string>> {
  const prompt = `${name}${kind === 'node' ? '#' : '$'} `;
  return { PATH, HOME: '/tmp', TERM: 'xterm-256color', LANG: 'C.UTF-8', PS1: prompt, HISTFILE: '' };
}

/**
 * Why learners can’t be let in here; undefined where they can.
 *
 * @param path as in PATH
 * @param uid whose the labs are: files and settings of the machine ask for the user, not for capabilities
 */
export function noJail(
  path: string,
  uid = process.geteuid?.(),
  arch: NodeJS.Architecture = process.arch,
): Pick<Check, 'found' | 'fix'> | undefined {
  if (withoutKeys(arch) === undefined)
    return { found: `the user’s keys can’t be kept from a learner on ${arch}` };
  if (uid === 0)
    return {
      found: 'as root a learner’s shell would have the rights of the machine’s root',
      fix: 'run it as an ordinary user',
    };
  const missing = missingTools(NEEDED, finder(path));
  return missing && { found: `${missing.tools.join(', ')} not found`, fix: missing.fix };
}
