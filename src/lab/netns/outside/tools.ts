import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Programs that this lab runs, by package. */
const PACKAGE_OF = {
  ip: 'iproute2',
  nft: 'nftables',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  nsenter: 'util-linux',
  flock: 'util-linux',
} as const;
type Tool = keyof typeof PACKAGE_OF;
type Package = (typeof PACKAGE_OF)[Tool];

/** Package managers, and packages with another name there. */
const MANAGERS: readonly { program: string; install: string; names: Partial<Record<Package, string>> }[] = [
  { program: 'apt-get', install: 'apt-get install', names: {} },
  { program: 'dnf', install: 'dnf install', names: { iproute2: 'iproute' } },
  { program: 'pacman', install: 'pacman -S', names: {} },
  { program: 'zypper', install: 'zypper install', names: {} },
  { program: 'apk', install: 'apk add', names: {} },
];

/** Whether a program is installed. */
export type Finder = (program: string) => boolean;

/** Searches the path like execvp(3). */
export function finder(path: string): Finder {
  const folders = path.split(':').filter((folder) => folder !== '');
  return (program) => folders.some((folder) => executable(join(folder, program)));
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The missing programs, and the command that installs them with this machine's package manager. */
export function missingTools(has: Finder): { tools: readonly string[]; fix: string } | undefined {
  const tools = (Object.keys(PACKAGE_OF) as Tool[]).filter((tool) => !has(tool));
  if (tools.length === 0) return undefined;
  const manager = MANAGERS.find(({ program }) => has(program));
  const packages = [...new Set(tools.map((tool) => PACKAGE_OF[tool]))];
  const names = packages.map((name) => manager?.names[name] ?? name).join(' ');
  return { tools, fix: manager ? `sudo ${manager.install} ${names}` : `install ${names}` };
}
