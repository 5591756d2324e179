import { readdirSync, readFileSync, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { NetNamespace } from '../../../kernel/netns.ts';

/** The container runtime's folder of pod namespaces, seen from the node's first process. */
const POD_SPACES = '/proc/1/root/run/netns';

/** Network namespaces of the node's pods, by address. */
export function podNamespaces(): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(POD_SPACES).flatMap((file) =>
      addressesIn(`${POD_SPACES}/${file}`).map((ip) => [ip, `${POD_SPACES}/${file}`]),
    ),
  );
}

/** Empty for a namespace that is being deleted. */
function addressesIn(path: string): readonly string[] {
  try {
    using space = NetNamespace.open(path);
    return Object.values(space.within(() => networkInterfaces())).flatMap(
      (of) => of?.map(({ address }) => address) ?? [],
    );
  } catch {
    return [];
  }
}

/**
 * A file as a pod's process sees it.
 *
 * @throws Error where no process in that network namespace has the file
 */
export function readInPod(path: string, file: string): string {
  const { ino } = statSync(path);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (statSync(`/proc/${pid}/ns/net`).ino !== ino) continue;
      const text = readFileSync(`/proc/${pid}/root${file}`, 'utf8');
      // The pause container has none, or an empty one.
      if (text !== '') return text;
    } catch {
      // The process has ended, or lacks the file.
    }
  }
  throw new Error(`no process in ${path} has ${file}`);
}
