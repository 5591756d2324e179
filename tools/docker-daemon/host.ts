/**
 * What a Docker daemon changes on the machine outside its own folders: forwarding, tables of rules, links,
 * and its containers' settings.
 */
import { existsSync, readdirSync } from 'node:fs';
import { z } from 'zod';
import type { Shell } from 'zx';
import { readSysctl, writeSysctl } from '../../src/kernel/sysctl.ts';

export const HOST = z.strictObject({
  /** By sysctl name; only those that the machine has. */
  sysctls: z.record(z.string(), z.string()),
  /** Tables of rules as `family name`, like `ip nat`. */
  tables: z.array(z.string()),
  links: z.array(z.string()),
});
export type Host = z.infer<typeof HOST>;

const BRIDGE = '/proc/sys/net/bridge';
const FORWARDING = [
  'net.ipv4.ip_forward',
  'net.ipv6.conf.all.forwarding',
  'net.ipv6.conf.default.forwarding',
];

/**
 * Set by the kubelet of a cluster's node and by its systemd: a node is a container, so these are the
 * machine's.
 */
const NODES = [
  ...['vm.overcommit_memory', 'kernel.panic', 'kernel.panic_on_oops', 'kernel.pid_max'],
  ...['kernel.keys.root_maxkeys', 'kernel.keys.root_maxbytes'],
  ...['hardlinks', 'symlinks', 'fifos', 'regular'].map((kind) => `fs.protected_${kind}`),
];

/** The tables that Docker makes through iptables; tables with other names are not Docker's. */
const DOCKERS_TABLES = /^ip6? (nat|filter|raw|mangle)$/;
/** Docker's own bridge, and those of its networks, named by twelve digits of their ids. */
const DOCKERS_LINKS = /^(docker0|br-[0-9a-f]{12})$/;

const TABLES = z.object({
  nftables: z.array(z.looseObject({ table: z.object({ family: z.string(), name: z.string() }).optional() })),
});
const LINKS = z.array(z.object({ ifname: z.string() }));

function sysctlNames(): readonly string[] {
  const bridge = existsSync(BRIDGE)
    ? readdirSync(BRIDGE).filter((name) => name.startsWith('bridge-nf-call'))
    : [];
  const others = [...FORWARDING, ...NODES].filter((name) =>
    existsSync(`/proc/sys/${name.replaceAll('.', '/')}`),
  );
  return [...others, ...bridge.map((name) => `net.bridge.${name}`)];
}

/** Reads the machine's current state. Needs root. */
export async function readHost(sh: Shell): Promise<Host> {
  const tables = TABLES.parse(JSON.parse((await sh`nft --json list tables`).stdout));
  const links = LINKS.parse(JSON.parse((await sh`ip -json link show`).stdout));
  return {
    sysctls: Object.fromEntries(sysctlNames().map((name) => [name, readSysctl(name)])),
    tables: tables.nftables.flatMap(({ table }) =>
      table === undefined ? [] : `${table.family} ${table.name}`,
    ),
    links: links.map(({ ifname }) => ifname),
  };
}

/** What to undo: Docker's things that exist now and did not before. */
export function leftBehind(before: Host, now: Host) {
  return {
    tables: now.tables.filter((name) => DOCKERS_TABLES.test(name) && !before.tables.includes(name)),
    links: now.links.filter((name) => DOCKERS_LINKS.test(name) && !before.links.includes(name)),
    sysctls: Object.entries(before.sysctls).filter(([name, value]) => (now.sysctls[name] ?? value) !== value),
  };
}

/** A line for each thing that is not as before. */
export function differences(before: Host, now: Host): readonly string[] {
  const { tables, links, sysctls } = leftBehind(before, now);
  return [
    ...tables.map((name) => `table ${name} is still there`),
    ...links.map((name) => `link ${name} is still there`),
    ...sysctls.map(([name, value]) => `${name} is ${now.sysctls[name] ?? 'gone'}, it was ${value}`),
  ];
}

/** Tables that existed before Docker put its chains into them; those chains stay. */
export function sharedTables(before: Host): readonly string[] {
  return before.tables.filter((name) => DOCKERS_TABLES.test(name));
}

/** Removes Docker's things, restores the settings, and returns what is still not as before. */
export async function restoreHost(sh: Shell, before: Host): Promise<readonly string[]> {
  const { tables, links } = leftBehind(before, await readHost(sh));
  const tried = sh({ nothrow: true });
  for (const name of links) await tried`ip link delete ${name}`;
  for (const name of tables) await tried`nft delete table ${name.split(' ')}`;
  // Reads again: a removed bridge may take settings with it.
  for (const [name, value] of leftBehind(before, await readHost(sh)).sysctls) writeSysctl(name, value);
  return differences(before, await readHost(sh));
}
