import { defineFigures, type FigureGroup } from './figure.ts';

export const harness: FigureGroup = {
  title: 'The harness and its machine',
  intro:
    'What kept the lab itself from working, from a phase’s first sample to its last. They decide [whether a phase is judged](verdict.md#phases-that-are-not-judged). Read by the agent that has the node under test; what its kernel or its container does not show is absent.',
  figures: defineFigures(
    'lab',
    { unit: 'ms' },
    {
      'harness.waited': {
        doc: 'That threads of the agent and of the programs it started were ready to run and had no CPU, because of other tasks or of a quota. Summed over the threads (of a process that has more than 64, its first): one second of it may be two threads’ half second.',
        source: '/proc/PID/task/TID/schedstat',
      },
      'harness.waited.main': { doc: 'The same of the agent’s main thread.', source: '/proc/self/schedstat' },
      'harness.waited.most': {
        doc: 'The same of the thread that waited most.',
        source: '/proc/PID/task/TID/schedstat',
      },
      'harness.throttled': {
        doc: 'That a CPU quota stopped the agent’s cgroup, by its own or an outer one; summed over the CPUs. Threads’ waits include it, and count it more exactly.',
        source: '`cpu.stat.local`, before Linux 6.6 `cpu.stat`',
      },
      'harness.quota': {
        unit: 'CPUs',
        doc: 'That the tightest quota of the agent’s cgroups allows. Absent where there is none.',
        source: '`cpu.max`; of cgroup v1 `cpu.cfs_quota_us`',
      },
      'harness.cpu': {
        doc: 'CPU time that the agent and the programs it started used, to 10 ms.',
        source: '/proc/PID/stat',
      },
      'harness.stopped': {
        doc: 'The longest that the agent’s main thread neither ran nor waited for a CPU while it should have looked at the clock, as it does every 50 ms. A signal stopped it, or the machine was stopped.',
        source: 'the clock, /proc/self/schedstat',
      },
      'harness.loop.p99': {
        doc: 'By how much timers of the agent’s main thread came late, 99th percentile: one is due every 10 ms.',
        source: '`monitorEventLoopDelay` of Node',
      },
      'harness.loop.max': { doc: 'The same, the most.', source: 'that, and the clock every 50 ms' },
      'harness.loop.utilisation': {
        unit: '0 to 1',
        doc: 'The part of the time that the agent’s main thread had work, as against waiting for some.',
        source: '`eventLoopUtilization` of Node',
      },
      'machine.steal': {
        doc: 'That CPUs had work and the host ran something else, summed over the CPUs.',
        source: '/proc/stat',
      },
      'machine.busy': {
        doc: 'That CPUs ran anything, of the lab or not, summed over the CPUs.',
        source: '/proc/stat',
      },
      'machine.pressure': {
        doc: 'That any task of the machine was ready to run and had no CPU.',
        source: '/proc/pressure/cpu',
      },
      'machine.cpus': { unit: 'CPUs', doc: 'That the machine has online.', source: '/proc/stat' },
    },
  ),
};
