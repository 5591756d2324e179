import { describe, expect, it } from 'vitest';
import {
  cpuGroupOf,
  parseCfsQuota,
  parseCpuMax,
  parseThrottled,
  readQuota,
  readThrottled,
} from '../../../src/kernel/cpu-quota.ts';
import { parseCpuTimes, parsePressure, readPressure } from '../../../src/kernel/pressure.ts';
import { readIfThere } from '../../../src/util/read-if-there.ts';
import { parseProcessStat, parseSchedstat, readSchedstat, threadsOf } from '../../../src/kernel/schedstat.ts';

describe('the pressure on a machine’s CPUs', () => {
  it('is read from the line `some`', () => {
    const text = `some avg10=1.64 avg60=1.51 avg300=1.28 total=7804045
full avg10=0.00 avg60=0.00 avg300=0.00 total=0
`;
    expect(parsePressure(text)).toBe(7804.045);
  });

  it('is absent, not 0, where the kernel does not account for it', () => {
    expect(parsePressure('')).toBeUndefined();
    expect(readPressure('/proc/there-is-no-such-file')).toBeUndefined();
    expect(readIfThere('/proc/there-is-no-such-file')).toBeUndefined();
  });
});

describe('the CPU times of a machine', () => {
  it('are summed over its CPUs, in ms, and guests are not counted twice', () => {
    const text = `cpu  3465 1 2796 51620 283 2 43 48 7 0
cpu0 1202 0 1005 26900 11 1 10 19 7 0
cpu1 2263 1 1790 24719 271 1 32 29 0 0
intr 1 2 3
`;
    expect(parseCpuTimes(text)).toEqual({ cpus: 2, busyMs: 63_070, idleMs: 519_030, stealMs: 480 });
  });

  it('are absent where there is no line of all CPUs', () => {
    expect(parseCpuTimes('intr 1 2 3\n')).toBeUndefined();
  });
});

const V1 = `9:name=systemd:/
4:memory:/elsewhere
1:cpu,cpuacct:/ci/job 7
0::/
`;
const V1_MOUNTS = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;

describe('the cgroup that the CPU controller puts a process in', () => {
  it.each<[what: string, cgroup: string, mountinfo: string, expected: ReturnType<typeof cpuGroupOf>]>([
    [
      'version 1, beside a unified hierarchy that has no CPU controller',
      V1,
      V1_MOUNTS,
      {
        version: 1,
        folders: [
          '/sys/fs/cgroup/cpu,cpuacct/ci/job 7',
          '/sys/fs/cgroup/cpu,cpuacct/ci',
          '/sys/fs/cgroup/cpu,cpuacct',
        ],
      },
    ],
    [
      'version 2',
      '0::/user.slice/run.scope\n',
      '30 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n',
      {
        version: 2,
        folders: ['/sys/fs/cgroup/user.slice/run.scope', '/sys/fs/cgroup/user.slice', '/sys/fs/cgroup'],
      },
    ],
    [
      'a container that sees only its own part of the hierarchy',
      '0::/docker/abc/inner\n',
      '30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n',
      { version: 2, folders: ['/sys/fs/cgroup/inner', '/sys/fs/cgroup'] },
    ],
    [
      'a mount point with a blank',
      '0::/\n',
      '30 23 0:26 / /my\\040cgroups rw - cgroup2 cgroup2 rw\n',
      { version: 2, folders: ['/my cgroups'] },
    ],
    ['a hierarchy that is not mounted', '0::/\n', '30 23 0:26 / /proc rw - proc proc rw\n', undefined],
    [
      'a process outside of the cgroup namespace',
      '0::/../other\n',
      '30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
      undefined,
    ],
    [
      'a process outside of what is mounted',
      '0::/other\n',
      '30 23 0:26 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
      undefined,
    ],
  ])('%s', (_, cgroup, mountinfo, expected) => {
    expect(cpuGroupOf(cgroup, mountinfo)).toEqual(expected);
  });
});

describe('a CPU quota', () => {
  it('is quota by period, in version 1 and in version 2', () => {
    expect(parseCfsQuota('50000\n', '100000\n')).toBe(0.5);
    expect(parseCpuMax('150000 100000\n')).toBe(1.5);
  });

  it('is absent, not 0, where there is none', () => {
    expect([parseCfsQuota('-1\n', '100000\n'), parseCfsQuota('', '')]).toEqual([undefined, undefined]);
    expect([parseCpuMax('max 100000\n'), parseCpuMax('')]).toEqual([undefined, undefined]);
    expect(readQuota({ version: 2, folders: ['/there-is-no-such-folder'] })).toBeUndefined();
  });

  it('throttles for a time that version 1 gives in ns and version 2 in µs', () => {
    expect(parseThrottled('nr_periods 24\nnr_throttled 21\nthrottled_time 938469772\n')).toBe(938.469772);
    expect(parseThrottled('usage_usec 5\nnr_throttled 21\nthrottled_usec 938469\n')).toBe(938.469);
    expect(parseThrottled('usage_usec 5\nuser_usec 3\n')).toBeUndefined();
    expect(readThrottled({ version: 1, folders: ['/there-is-no-such-folder'] })).toBeUndefined();
  });
});

describe('what the scheduler counts of a thread', () => {
  it('is what it ran and what it waited, ms', () => {
    expect(parseSchedstat('59838137 188990032 20\n')).toEqual({ ranMs: 59.838137, waitedMs: 188.990032 });
  });

  it('is absent, not 0, where the kernel does not count or the thread is gone', () => {
    expect(parseSchedstat('0 0 0\n')).toBeUndefined();
    expect(parseSchedstat('')).toBeUndefined();
    expect(readSchedstat('/proc/there-is-no-such-process')).toBeUndefined();
    expect(threadsOf(0)).toEqual(new Map());
  });

  it('of a process includes the children that it has waited for, whatever its name', () => {
    const text = '42 (a ) b) S 1 42 42 0 -1 4194560 100 200 0 0 7 5 3 1 20 0 11 0 100';
    expect(parseProcessStat(text)).toEqual({ usedMs: 160, threads: 11 });
    expect(parseProcessStat('')).toBeUndefined();
  });
});
