import { ofLab, type FigureGroup } from './figure.ts';

export const harness: FigureGroup = {
  title: 'The harness and its machine',
  intro:
    'What kept the lab itself from working, from a phase’s first sample to its last. They decide [whether a phase is judged](verdict.md#phases-that-are-not-judged). Read by the agent that has the node under test; what its kernel or its container does not show is absent.',
  figures: [
    ofLab({
      name: 'harness.waited',
      unit: 'ms',
      doc: 'That threads of the agent and of the programs it started were ready to run and had no CPU, because of other tasks or of a quota. Summed over the threads (of a process that has more than 64, its first): one second of it may be two threads’ half second.',
      source: '/proc/PID/task/TID/schedstat',
    }),
    ofLab({
      name: 'harness.waited.main',
      unit: 'ms',
      doc: 'The same of the agent’s main thread.',
      source: '/proc/self/schedstat',
    }),
    ofLab({
      name: 'harness.waited.most',
      unit: 'ms',
      doc: 'The same of the thread that waited most.',
      source: '/proc/PID/task/TID/schedstat',
    }),
    ofLab({
      name: 'harness.throttled',
      unit: 'ms',
      doc: 'That a CPU quota stopped the agent’s cgroup, by its own or an outer one; summed over the CPUs. Threads’ waits include it, and count it more exactly.',
      source: '`cpu.stat.local`, before Linux 6.6 `cpu.stat`',
    }),
    ofLab({
      name: 'harness.quota',
      unit: 'CPUs',
      doc: 'That the tightest quota of the agent’s cgroups allows. Absent where there is none.',
      source: '`cpu.max`; of cgroup v1 `cpu.cfs_quota_us`',
    }),
    ofLab({
      name: 'harness.cpu',
      unit: 'ms',
      doc: 'CPU time that the agent and the programs it started used, to 10 ms.',
      source: '/proc/PID/stat',
    }),
    ofLab({
      name: 'harness.stopped',
      unit: 'ms',
      doc: 'The longest that the agent’s main thread neither ran nor waited for a CPU while it should have looked at the clock, as it does every 50 ms. A signal stopped it, or the machine was stopped.',
      source: 'the clock, /proc/self/schedstat',
    }),
    ofLab({
      name: 'harness.loop.p99',
      unit: 'ms',
      doc: 'By how much timers of the agent’s main thread came late, 99th percentile: one is due every 10 ms.',
      source: '`monitorEventLoopDelay` of Node',
    }),
    ofLab({
      name: 'harness.loop.max',
      unit: 'ms',
      doc: 'The same, the most.',
      source: 'that, and the clock every 50 ms',
    }),
    ofLab({
      name: 'harness.loop.utilisation',
      unit: '0 to 1',
      doc: 'The part of the time that the agent’s main thread had work, as against waiting for some.',
      source: '`eventLoopUtilization` of Node',
    }),
    ofLab({
      name: 'machine.steal',
      unit: 'ms',
      doc: 'That CPUs had work and the host ran something else, summed over the CPUs.',
      source: '/proc/stat',
    }),
    ofLab({
      name: 'machine.busy',
      unit: 'ms',
      doc: 'That CPUs ran anything, of the lab or not, summed over the CPUs.',
      source: '/proc/stat',
    }),
    ofLab({
      name: 'machine.pressure',
      unit: 'ms',
      doc: 'That any task of the machine was ready to run and had no CPU.',
      source: '/proc/pressure/cpu',
    }),
    ofLab({ name: 'machine.cpus', unit: 'CPUs', doc: 'That the machine has online.', source: '/proc/stat' }),
  ],
};
