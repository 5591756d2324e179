import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { seeded } from '../../src/load/schedule.ts';
import { processesOf, scratch, start, type As } from './command.ts';
import { machine } from './machine.ts';

const TIMES = Number(process.env.TABLEFULL_KILLS ?? 1);
/** Kills happen between the first process and this time, ms; the soak test sets a whole run. */
const LONGEST_MS = Number(process.env.TABLEFULL_KILL_SPAN_MS ?? 7_000);
const SEED = Number(process.env.TABLEFULL_SEED ?? 1);

/** After a kill, the machine must be as before within this time. */
const WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;

export type Victim = 'harness' | 'any process' | 'all at once';

/**
 * Runs a scenario, kills at a random moment, and compares the machine with its state before; repeats as
 * often as requested.
 *
 * @param nth the kind of run: each has its own random moments and victims
 */
export async function killAndCompare(
  nth: number,
  as: As,
  args: readonly string[],
  victim: Victim,
): Promise<void> {
  const random = seeded(SEED + nth);
  for (let i = 0; i < TIMES; i++) await killOnce(as, args, victim, random);
}

/** @param random 0 to 1, seeded: when, and which process */
async function killOnce(
  as: As,
  args: readonly string[],
  victim: Victim,
  random: () => number,
): Promise<void> {
  using folder = scratch();
  const before = await machine();
  const run = start(['run', ...args, '--quiet'], as, folder.path);
  await delay(random() * LONGEST_MS);
  const alive = processesOf(run.marker);
  const harness = run.process.pid ?? 0;
  const chosen =
    victim === 'harness'
      ? [harness]
      : victim === 'all at once'
        ? alive
        : [alive[Math.floor(random() * alive.length)] ?? harness];
  let killedAt = performance.now();
  for (const pid of chosen) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in the meantime.
    }
  }
  if (victim === 'all at once') {
    // The processes that could restore are dead as well: the next command restores, and says so.
    await goneBy(run.marker, killedAt);
    await start(['restore'], as, folder.path).process;
  }
  if (victim === 'any process' && !(await ended(run.marker, killedAt))) {
    // The run survived without that process; SIGINT must still stop it.
    run.process.kill('SIGINT');
    killedAt = performance.now();
  }
  await goneBy(run.marker, killedAt);
  await sameBy(before, killedAt);
  await run.process;
}

/** Whether all its processes ended in time. */
async function ended(marker: string, since: number): Promise<boolean> {
  while (processesOf(marker).length > 0 && performance.now() - since < WITHIN_MS) await delay(LOOK_EVERY_MS);
  return processesOf(marker).length === 0;
}

async function goneBy(marker: string, since: number): Promise<void> {
  await ended(marker, since);
  expect(processesOf(marker), 'processes left').toEqual([]);
}

async function sameBy(before: Record<string, string>, since: number): Promise<void> {
  let now = await machine();
  while (JSON.stringify(now) !== JSON.stringify(before) && performance.now() - since < WITHIN_MS) {
    await delay(LOOK_EVERY_MS);
    now = await machine();
  }
  expect(now).toEqual(before);
}
