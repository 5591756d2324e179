import { defineFigures, type FigureGroup } from './figure.ts';

export const harness: FigureGroup = {
  title: 'The harness and its machine',
  intro:
    'What kept the lab from working, from a phase’s first sample to its last. They decide [whether a phase is judged](verdict.md#phases-that-are-not-judged). The agent of the node under test reads them; what its kernel or container hides is absent.',
  figures: defineFigures(
    'lab',
    { unit: 'ms' },
    {
      'harness.waited': {
        doc: 'Time that threads of the agent and its programs were runnable without a CPU, because of other tasks or a quota. Summed over threads (at most 64 of a process): one second may be half a second of two threads.',
        source: '/proc/PID/task/TID/schedstat',
      },
      'harness.waited.main': { doc: 'The same for the agent’s main thread.', source: '/proc/self/schedstat' },
      'harness.waited.most': {
        doc: 'The same for the thread that waited longest.',
        source: '/proc/PID/task/TID/schedstat',
      },
      'harness.throttled': {
        doc: 'Time that a CPU quota stopped the agent’s cgroup or an outer one, summed over CPUs. `harness.waited` includes it, more exactly.',
        source: '`cpu.stat.local`, before Linux 6.6 `cpu.stat`',
      },
      'harness.quota': {
        unit: 'CPUs',
        doc: 'The tightest CPU quota of the agent’s cgroups. Absent where there is none.',
        source: '`cpu.max`; of cgroup v1 `cpu.cfs_quota_us`',
      },
      'harness.cpu': {
        doc: 'CPU time of the agent and its programs, to 10 ms.',
        source: '/proc/PID/stat',
      },
      'harness.stopped': {
        doc: 'The longest time that the agent’s main thread neither ran nor waited for a CPU although its 50 ms timer was due: a signal stopped it, or the machine was stopped.',
        source: 'the clock, /proc/self/schedstat',
      },
      'harness.loop.p99': {
        doc: 'How late timers of the agent’s main thread were, 99th percentile. One is due every 10 ms.',
        source: '`monitorEventLoopDelay` of Node',
      },
      'harness.loop.max': { doc: 'The same, maximum.', source: 'the same, and a 50 ms timer' },
      'harness.loop.utilisation': {
        unit: '0 to 1',
        doc: 'The share of time that the agent’s main thread had work.',
        source: '`eventLoopUtilization` of Node',
      },
      'machine.steal': {
        doc: 'Time that the host took from CPUs with work, summed over CPUs.',
        source: '/proc/stat',
      },
      'machine.busy': {
        doc: 'Time that CPUs ran anything, of the lab or not, summed over CPUs.',
        source: '/proc/stat',
      },
      'machine.pressure': {
        doc: 'Time that any task of the machine was runnable without a CPU.',
        source: '/proc/pressure/cpu',
      },
      'machine.cpus': { unit: 'CPUs', doc: 'Online CPUs of the machine.', source: '/proc/stat' },
    },
  ),
};
