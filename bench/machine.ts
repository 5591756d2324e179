/** The machine of a bench, and how much of it others used. */
import { createHash } from 'node:crypto';
import { fstatSync, openSync, closeSync, readFileSync, existsSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { machineCpu, type MachineCpu } from './cpu.ts';
import type { MachineReport } from './report.ts';

/** The fastest try counts: a neighbour's use of the CPU is not the machine's speed. */
const TRIES = 3;
const TRY_MS = 15;

/** One calibration: a fixed mix of system calls and computing, in turns per millisecond. */
export function calibrate(): number {
  const fd = openSync('/proc/self/stat', 'r');
  try {
    return Math.max(...Array.from({ length: TRIES }, () => turnsOf(fd)));
  } finally {
    closeSync(fd);
  }
}

function turnsOf(fd: number): number {
  const block = Buffer.alloc(4096, 'x');
  const began = performance.now();
  let turns = 0;
  for (; performance.now() - began < TRY_MS; turns++) {
    for (let i = 0; i < 20; i++) fstatSync(fd);
    createHash('sha256').update(block).digest();
  }
  return turns / (performance.now() - began);
}

/** µs since boot in which some task waited for a CPU; undefined if the kernel does not record it (PSI). */
function pressure(): number | undefined {
  const file = '/proc/pressure/cpu';
  if (!existsSync(file)) return undefined;
  const total = /^some .*total=(\d+)/m.exec(readFileSync(file, 'latin1'))?.[1];
  return total === undefined ? undefined : Number(total);
}

/** Watches the machine during a bench. */
export class MachineWatch {
  readonly #began = performance.now();
  readonly #cpu: MachineCpu = machineCpu();
  readonly #pressure = pressure();

  /** @param calibrations of all works */
  report(calibrations: readonly number[]): MachineReport {
    const now = machineCpu();
    const waited = pressure();
    const us = (performance.now() - this.#began) * 1000;
    return {
      cores: availableParallelism(),
      model: cpus()[0]?.model.trim() ?? 'unknown',
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      kernel: release(),
      node: process.versions.node,
      nfConntrackMax: number('/proc/sys/net/netfilter/nf_conntrack_max'),
      steal: (now.steal - this.#cpu.steal) / Math.max(1, now.total - this.#cpu.total),
      pressure: waited === undefined || this.#pressure === undefined ? null : (waited - this.#pressure) / us,
      calibrations: [...calibrations],
    };
  }
}

function number(file: string): number | null {
  return existsSync(file) ? Number(readFileSync(file, 'latin1')) : null;
}
