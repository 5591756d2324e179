/** The containers that are nodes of a kind cluster, whoever created it. */
import { pathOf } from '../../../../kernel/sysctl.ts';
import { docker } from '../docker.ts';

/** The ids of a cluster's node containers. */
export async function containersOf(name: string): Promise<readonly string[]> {
  const listed = await docker(['ps', '-aq', '--filter', `label=io.x-k8s.kind.cluster=${name}`]);
  return listed.split('\n').filter((id) => id !== '');
}

/** Their addresses in Docker's networks. */
export async function addressesOf(containers: readonly string[]): Promise<readonly string[]> {
  if (containers.length === 0) return [];
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const addresses = await docker(['inspect', '--format', format, ...containers]);
  return addresses.split('\n').filter((ip) => ip !== '');
}

/** Writes a sysctl of the machine: a node's container is privileged. @throws Error in one line */
export async function writeSysctlIn(container: string, name: string, value: string): Promise<void> {
  await docker(['exec', container, 'sh', '-c', 'echo "$1" >"$2"', 'sh', value, pathOf(name)]);
}
