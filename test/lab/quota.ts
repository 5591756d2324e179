import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCpuGroup, type CpuGroup } from '../../src/kernel/cpu-quota.ts';

/** How a machine is slowed for a command. */
export interface Slowness {
  /** CPUs that the command and its children may use together: 0.5 is half of one. Undefined: no limit. */
  readonly quota?: number;
  /** Endless loops beside the command, outside the quota. */
  readonly loops?: number;
}

/** A slow machine, until disposed of. */
export interface Slowed extends AsyncDisposable {
  /** The words before a command that run it under the quota. */
  readonly before: readonly string[];
  /** The folder of the cgroup with the quota, if there is one. */
  readonly group: string | undefined;
  /** The keeper: the loops are its children. */
  readonly pid: number;
}

/** Why no quota can be set here, in a few words; undefined if one can. */
export function whyNoQuota(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  const own = readCpuGroup();
  if (own === undefined) return 'no cgroup with a CPU controller is mounted';
  return parentOf(own) === undefined
    ? 'no cgroup of this process may have children with a CPU quota'
    : undefined;
}

/** The innermost of a process' cgroups in which a cgroup with a quota can be made. */
function parentOf({ version, folders }: CpuGroup): string | undefined {
  return folders.find((folder) => {
    try {
      accessSync(folder, constants.W_OK);
      // In version 2 a cgroup either delegates controllers or has processes; only the root does both.
      return (
        version === 1 ||
        readFileSync(join(folder, 'cgroup.subtree_control'), 'utf8').split(/\s+/).includes('cpu')
      );
    } catch {
      return false;
    }
  });
}

const PERIOD_US = 100_000;

/**
 * Makes the cgroup and starts the loops, and ends both when its standard input ends: however the test ends,
 * that pipe closes. It ignores signals that a terminal sends to all its processes, until its work is done.
 */
const KEEPER = `trap '' INT TERM HUP
group=$1 loops=$2 quota=$3 period=$4 version=$5
if [ -n "$group" ]; then
  mkdir "$group" || exit 1
  if [ "$version" = 2 ]; then echo "$quota $period" >"$group/cpu.max"
  else echo "$period" >"$group/cpu.cfs_period_us" && echo "$quota" >"$group/cpu.cfs_quota_us"; fi || { rmdir "$group"; exit 1; }
fi
pids=
while [ "$loops" -gt 0 ]; do
  setpriv --pdeathsig KILL sh -c 'while :; do :; done' <&- >&- &
  pids="$pids $!" loops=$((loops - 1))
done
echo ready
cat >/dev/null
[ -z "$pids" ] || kill -KILL $pids
[ -n "$group" ] || exit 0
until rmdir "$group" 2>/dev/null; do
  for pid in $(cat "$group/cgroup.procs"); do kill -KILL "$pid"; done 2>/dev/null
  sleep 0.05
done`;

/** @throws Error if a quota is requested and can't be set: ask `whyNoQuota` first */
export async function slowed({ quota, loops = 0 }: Slowness): Promise<Slowed> {
  const own = quota === undefined ? undefined : readCpuGroup();
  const parent = own && parentOf(own);
  if (quota !== undefined && parent === undefined)
    throw new Error(`no CPU quota can be set: ${String(whyNoQuota())}`);
  const group = parent === undefined ? undefined : join(parent, `tablefull-test-${randomUUID().slice(0, 8)}`);
  const numbers = [loops, Math.round((quota ?? 0) * PERIOD_US), PERIOD_US, own?.version ?? 0].map(String);
  const keeper = spawn('sh', ['-c', KEEPER, 'keeper', group ?? '', ...numbers], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  keeper.stdin.on('error', () => undefined);
  const ended = once(keeper, 'close');
  const said = await Promise.race([once(keeper.stdout, 'data'), ended.then(() => undefined)]);
  if (said === undefined) throw new Error('no CPU quota can be set: see the line above');
  return {
    before: group === undefined ? [] : ['sh', '-c', 'echo $$ >"$0/cgroup.procs" && exec "$@"', group],
    group,
    pid: keeper.pid ?? 0,
    async [Symbol.asyncDispose]() {
      keeper.stdin.end();
      await ended;
      if (group !== undefined && existsSync(group)) throw new Error(`${group} was not removed`);
    },
  };
}
