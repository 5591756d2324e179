import type { Finder } from '../../../toolchain/programs.ts';

/** Programs by the package that has them, as Debian calls it. */
type Tools = Readonly<Record<string, string>>;

/** Programs that this lab runs. */
export const OF_THE_LAB: Tools = {
  ip: 'iproute2',
  nft: 'nftables',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  nsenter: 'util-linux',
  flock: 'util-linux',
};

/** Programs that a person uses in its shells: in lessons, and in `lab play`. */
export const OF_A_PERSON: Tools = {
  conntrack: 'conntrack',
  sysctl: 'procps',
  ss: 'iproute2',
  nstat: 'iproute2',
  curl: 'curl',
  dig: 'bind9-dnsutils',
};

/** Package managers, and packages with another name there. */
const MANAGERS: readonly { program: string; install: string; names: Readonly<Record<string, string>> }[] = [
  { program: 'apt-get', install: 'apt-get install', names: {} },
  {
    program: 'dnf',
    install: 'dnf install',
    names: {
      iproute2: 'iproute',
      conntrack: 'conntrack-tools',
      procps: 'procps-ng',
      'bind9-dnsutils': 'bind-utils',
    },
  },
  {
    program: 'pacman',
    install: 'pacman -S',
    names: { conntrack: 'conntrack-tools', procps: 'procps-ng', 'bind9-dnsutils': 'bind' },
  },
  {
    program: 'zypper',
    install: 'zypper install',
    names: { conntrack: 'conntrack-tools', 'bind9-dnsutils': 'bind-utils' },
  },
  {
    program: 'apk',
    install: 'apk add',
    names: { conntrack: 'conntrack-tools', 'bind9-dnsutils': 'bind-tools' },
  },
];

/** Those of the programs that are missing, and the command that installs them with this machine's package manager. */
export function missingTools(
  wanted: Tools,
  has: Finder,
): { tools: readonly string[]; fix: string } | undefined {
  const missing = Object.entries(wanted).filter(([tool]) => !has(tool));
  if (missing.length === 0) return undefined;
  const manager = MANAGERS.find(({ program }) => has(program));
  const packages = [...new Set(missing.map(([, name]) => name))];
  const names = packages.map((name) => manager?.names[name] ?? name).join(' ');
  return {
    tools: missing.map(([tool]) => tool),
    fix: manager ? `sudo ${manager.install} ${names}` : `install ${names}`,
  };
}
