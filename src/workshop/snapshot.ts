import { execa } from 'execa';
import type { Hands } from '../lab/hands.ts';
import { LAB_FILES, maximumFile } from '../lab/shell.ts';
import type { Written } from './lesson.ts';

/** What a person can change of a lab, a line each, by node or pod. */
export type Snapshot = ReadonlyMap<string, ReadonlySet<string>>;

/** The files that all pods share. */
const PODS = 'pods';

/** Prints, for each name, its sysctls (`path:value`), rules, and routes. Counters are left out. */
const READ = `
for name; do
  echo "== $name"
  nsenter --net="/run/netns/$name" -- sh -c '
    grep -rs . /proc/sys/net/netfilter /proc/sys/net/ipv4
    nft -s list ruleset
    ip rule
    ip route show table all' 2>/dev/null
done
echo "== ${PODS}"
cat /run/pods/resolv.conf 2>/dev/null
for file in ${LAB_FILES}/*/*.conf; do
  [ -e "$file" ] || continue
  echo "== $file"
  cat "$file"
done`;

const START = /^== (.+)$/;
/** It counts, so it differs every time. */
const COUNT = '/proc/sys/net/netfilter/nf_conntrack_count:';

/** Reads the whole lab. @throws Error where it is gone */
export async function takeSnapshot(
  { within, places }: Pick<Hands, 'within' | 'places'>,
  signal: AbortSignal,
): Promise<Snapshot> {
  const [program, ...args] = within;
  const names = places.map(({ name }) => name);
  const words = [...args, 'sh', '-c', READ, 'sh', ...names];
  const { stdout } = await execa(program, words, { cancelSignal: signal });
  return parseSnapshot(stdout);
}

export function parseSnapshot(text: string): Snapshot {
  const found = new Map<string, Set<string>>();
  let lines = new Set<string>();
  for (const line of text.split('\n')) {
    const [, name] = START.exec(line) ?? [];
    if (name !== undefined) found.set(name, (lines = new Set()));
    else if (line !== '' && !line.startsWith(COUNT)) lines.add(line);
  }
  return found;
}

/** Makes the files in which shells of nodes find, and change, their maximum. */
export async function offerMaximum(
  { within, places }: Pick<Hands, 'within' | 'places'>,
  signal: AbortSignal,
): Promise<void> {
  const [program, ...args] = within;
  const make = `for file; do mkdir -p "$(dirname "$file")" && cat /proc/sys/net/netfilter/nf_conntrack_max > "$file"; done`;
  const files = places.filter(({ kind }) => kind === 'node').map(({ name }) => maximumFile(name));
  await execa(program, [...args, 'sh', '-c', make, 'sh', ...files], { cancelSignal: signal });
}

/** Makes the files that the learner may edit. */
export async function offerFiles(
  { within }: Pick<Hands, 'within'>,
  files: readonly Written[],
  signal: AbortSignal,
): Promise<void> {
  const [program, ...args] = within;
  const make = 'mkdir -p "$(dirname "$1")" && cat > "$1"';
  for (const { name, text } of files)
    await execa(program, [...args, 'sh', '-c', make, 'sh', name], { input: text, cancelSignal: signal });
}

/** The maximum that the learner wishes for on a node. @returns undefined where the file holds no number */
export async function wishedMaximum(
  { within }: Pick<Hands, 'within'>,
  node: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const [program, ...args] = within;
  const { stdout } = await execa(program, [...args, 'cat', maximumFile(node)], { cancelSignal: signal });
  return /^\d+$/.test(stdout.trim()) ? Number(stdout) : undefined;
}
