import { findProgram } from '../../src/toolchain/programs.ts';
import type { Shell } from 'zx';
import { Needed } from '../steps.ts';

/** The package of each program on apt systems; elsewhere names differ, and a person installs them. */
const PACKAGES: Readonly<Record<string, string>> = {
  docker: 'docker-cli',
  dockerd: 'docker.io',
  containerd: 'containerd',
  runc: 'runc',
  iptables: 'iptables',
  debootstrap: 'debootstrap',
  tar: 'tar',
  gzip: 'gzip',
  ip: 'iproute2',
  nft: 'nftables',
};

/** The programs among these that are not installed. */
export function missingPrograms(names: readonly string[], path: string): readonly string[] {
  return names.filter((name) => findProgram(name, path) === undefined);
}

/**
 * Installs missing programs with apt, and says so.
 *
 * @throws Needed on other systems, and without root
 */
export async function ensure(
  sh: Shell,
  names: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const path = process.env.PATH ?? '';
  const missing = missingPrograms(names, path);
  if (missing.length === 0) return;
  if (findProgram('apt-get', path) === undefined) {
    throw new Needed(
      `missing: ${missing.join(' ')}; install them with your system's package manager, then run this again`,
    );
  }
  const packages = [...new Set(missing.map((name) => PACKAGES[name] ?? name))];
  if (process.getuid?.() !== 0) {
    throw new Needed(`missing: ${missing.join(' ')}; as root: apt-get install ${packages.join(' ')}`);
  }
  say(`missing: ${missing.join(' ')}; installing with apt-get: ${packages.join(' ')}`);
  const apt = sh({ timeout: '10m', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  const how = ['-o', 'DPkg::Lock::Timeout=120', '-qq', '--no-install-recommends'];
  await apt`apt-get update -qq`;
  // Docker's command is a separate package on some releases, and part of docker.io on others.
  const known = (await apt({ nothrow: true })`apt-cache show docker-cli`).exitCode === 0;
  await apt`apt-get install -y ${how} ${packages.map((name) => (name === 'docker-cli' && !known ? 'docker.io' : name))}`;
}
