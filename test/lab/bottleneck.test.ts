import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { parseThrottled } from '../../src/kernel/cpu-quota.ts';
import { eventSchema, type EventOf, type HistoryEvent } from '../../src/schema/history.ts';
import { processesOf, scratch, start } from './command.ts';
import { slowed, whyNoQuota } from './quota.ts';

const noQuota = whyNoQuota();
const quotaTest = (title: string) => `${title}${noQuota === undefined ? '' : ` (skipped: ${noQuota})`}`;

function historyIn(folder: string): readonly HistoryEvent[] {
  return readFileSync(join(folder, 'history.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => eventSchema.parse(JSON.parse(line)));
}

function ofType<T extends HistoryEvent['type']>(history: readonly HistoryEvent[], type: T) {
  return history.filter((event): event is EventOf<T> => event.type === type);
}

describe('a slow machine for tests', () => {
  // A twentieth of a CPU is below any process' fair share, however busy the machine is.
  it.skipIf(noQuota !== undefined)(
    quotaTest('a slow machine for tests holds a command to its quota'),
    async () => {
      await using slow = await slowed({ quota: 0.05 });
      const burn = 'trap "times; exit" TERM; while :; do :; done';
      const [file, ...args] = [...slow.before, 'sh', '-c', burn];
      const { stdout, durationMs } = await execa(file, args, { timeout: 4000, reject: false });
      const [, minutes, seconds] = /^(\d+)m([\d.]+)s/.exec(stdout) ?? [];
      // The last period may be incomplete.
      expect(60 * Number(minutes) + Number(seconds)).toBeLessThan((0.057 * durationMs) / 1000);
      const stat = readFileSync(join(slow.group ?? '', 'cpu.stat'), 'utf8');
      expect(parseThrottled(stat)).toBeGreaterThan(0);
    },
  );

  it.skipIf(noQuota !== undefined)(
    quotaTest('a slow machine for tests leaves no cgroup, also when its user is killed'),
    async () => {
      const module = new URL('./quota.ts', import.meta.url).href;
      const body = `const { slowed } = await import('${module}');
      const slow = await slowed({ quota: 0.5, loops: 1 });
      console.log(slow.group); setInterval(() => undefined, 1000);`;
      const user = execa(process.execPath, ['--no-warnings', '--input-type=module', '-e', body], {
        reject: false,
      });
      const group = await new Promise<string>((resolve) => {
        user.stdout.once('data', (text: Buffer) => {
          resolve(text.toString().trim());
        });
      });
      expect(existsSync(group)).toBe(true);
      user.kill('SIGKILL');
      await user;
      await expect.poll(() => existsSync(group), { timeout: 10_000 }).toBe(false);
    },
  );

  it('a slow machine for tests has busy loops beside it only while it is used', async () => {
    const loops = async () =>
      (await execa('ps', ['-eo', 'ppid,args'])).stdout
        .split('\n')
        .filter((line) => line.trim().startsWith(`${pid} `) && line.includes('while :; do :; done')).length;
    let pid = 0;
    {
      await using slow = await slowed({ loops: 2 });
      pid = slow.pid;
      // The ready shell has forked them, but each has yet to become its loop.
      await expect.poll(loops, { timeout: 30_000 }).toBe(2);
    }
    expect(await loops()).toBe(0);
  });
});

describe('a phase says what kept the lab from working', () => {
  it.skipIf(noQuota !== undefined)(quotaTest('a phase says what a quota throttled'), async () => {
    using folder = scratch();
    await using slow = await slowed({ quota: 0.6 });
    // A fast machine keeps to any quota, since the lab paces its demand. So a loop shares this one.
    const [shell, ...words] = [...slow.before, 'sh', '-c', 'while :; do :; done'];
    const loop = execa(shell, words, { reject: false });
    const args = ['run', 'boom', '--control', '--quiet', '--out', folder.path];
    await start(args, 'root', folder.path, slow.before).process;
    loop.kill('SIGKILL');
    await loop;
    const measured = ofType(historyIn(folder.path), 'measured').filter(
      ({ figures }) => figures['harness.cpu'] !== undefined,
    );
    expect(measured.map(({ figures }) => figures['harness.quota'])).toEqual(measured.map(() => 0.6));
    const throttled = measured.map(({ figures }) => figures['harness.throttled'] ?? 0);
    expect(Math.max(...throttled)).toBeGreaterThan(0);
  });

  it('a phase says that a signal stopped the lab for 0.4 s, and is retried', async () => {
    using folder = scratch();
    // Its phases last three seconds, so that the stop is well within one.
    const args = ['run', 'stale-headless-dns', '--control', '--verbose', '--out', folder.path];
    const run = start(args, 'nobody', folder.path);
    await new Promise<void>((resolve) => {
      let said = '';
      run.process.stderr.on('data', (text: Buffer) => {
        said += text.toString();
        if (said.includes('symptom baseline begins')) resolve();
      });
    });
    const agents = processesOf(run.marker).filter((pid) => {
      // The programs that start the agent have its name later in their arguments.
      const [program, ...rest] = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0');
      return program === process.execPath && rest.some((word) => word.endsWith('netns/inside/agent.ts'));
    });
    expect(agents).toHaveLength(1);
    for (const pid of agents) process.kill(pid, 'SIGSTOP');
    await delay(400);
    for (const pid of agents) process.kill(pid, 'SIGCONT');
    await run.process;
    const [retry] = ofType(historyIn(folder.path), 'retry');
    expect(retry?.phase).toEqual({ cycle: 'symptom', stage: 'baseline' });
    expect(retry?.reason).toMatch(/the lab was stopped for \d+ of|the lab stood still for \d+ of/);
  });
});
