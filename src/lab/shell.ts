import { finder } from '../toolchain/programs.ts';
import type { Words } from '../host/host.ts';
import { enter, type Hands, type Place } from './hands.ts';

/** Files that stand for what a shell on a node could not change otherwise, in a folder for each node. */
export const LAB_FILES = '/run/lab';

/** A node’s maximum, as a file: the kernel’s own is the machine’s, and read-only in a lab. */
export function maximumFile(node: string): string {
  return `${LAB_FILES}/${node}/nf_conntrack_max`;
}

/**
 * Gives a shell what its place would have, in a mount namespace of its own: in a pod the resolver’s files, on a
 * node its maximum. The first argument is the place’s kind, the second the file of its maximum, the rest the
 * command.
 */
const PRELUDE = `kind=$1; maximum=$2; shift 2; cd /
if [ "$kind" = pod ]; then
  for name in resolv.conf hosts nsswitch.conf; do
    [ -e "/run/pods/$name" ] || continue
    to=$(readlink -f "/etc/$name")
    [ -e "$to" ] && mount --bind "/run/pods/$name" "$to"
  done
elif [ -e "$maximum" ]; then
  mount --bind "$maximum" /proc/sys/net/netfilter/nf_conntrack_max
fi
exec "$@"`;

/** A command in a place, with the place's own files. */
export function commandIn(hands: Pick<Hands, 'within'>, { name, kind }: Place, command: Words): Words {
  const own = [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    '--',
    'sh',
    '-c',
    PRELUDE,
    'sh',
    kind,
    maximumFile(name),
  ];
  return [...enter(hands, { name }), ...own, ...command];
}

/** An interactive shell, or one that reads commands from its standard input. */
export function shellIn(hands: Pick<Hands, 'within'>, place: Place, path = process.env.PATH ?? ''): Words {
  const prompt = `PS1=${place.name}${place.kind === 'node' ? '#' : '$'} `;
  const shell: Words = finder(path)('bash') ? ['bash', '--norc', '--noprofile'] : ['sh'];
  return commandIn(hands, place, [
    'env',
    '--unset=PROMPT_COMMAND',
    '--unset=ENV',
    'HISTFILE=',
    prompt,
    ...shell,
  ]);
}

/** At most this many names of a kind are listed. */
const NAMED = 4;

/** What a person needs to know in a new shell: where it is, who else is there, and what to begin with. */
export function banner(
  {
    about,
    places,
    services,
    begin,
  }: { readonly about: string; readonly begin: readonly string[] } & Pick<Hands, 'places' | 'services'>,
  { name, kind, ip }: Place,
): readonly string[] {
  const named = (of: Place['kind']): string => {
    const all = places.filter((place) => place.kind === of).map((place) => place.name);
    const more = all.length > NAMED ? ` and ${String(all.length - NAMED)} more` : '';
    return `${all.slice(0, NAMED).join(', ')}${more}`;
  };
  const addresses = services.map((service) => `${service.name} ${service.ip}:${String(service.port)}`);
  return [
    `${name}: a ${kind} (${ip}) of \`${about}\`. The shell ends with the lab.`,
    `nodes: ${named('node')}; pods: ${named('pod')}`,
    `services: ${addresses.join(', ')}`,
    `begin with: ${begin.join('  |  ')}`,
  ];
}

/** Commands to begin with: the table’s size, its counters, and the rules. */
export const BEGIN = ['conntrack -C', 'conntrack -S', 'nft list ruleset'] as const;
