import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announce, standingLabs } from '../../../src/lab/standing-labs.ts';
import type { Hands } from '../../../src/lab/hands.ts';

let state: string;
const env = (): NodeJS.ProcessEnv => ({ XDG_STATE_HOME: state });
const folder = (): string => join(state, 'tablefull', 'standing');
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'tablefull-standing-'));
});
afterEach(() => {
  rmSync(state, { recursive: true });
});

const about = { about: 'lab play saturate', begin: ['conntrack -C'] };
const hands = (pid: number): Hands => ({
  pid,
  within: ['nsenter', '--target', String(pid), '--'],
  places: [{ name: 'worker-1', kind: 'node', ip: '172.20.0.1' }],
  services: [{ name: 'web', ip: '10.96.0.10', port: 80 }],
});

describe('labs that stand', () => {
  it('are found by another process of the same user for as long as they stand', async () => {
    {
      using _ = await announce(hands(process.pid), about, env());
      expect(standingLabs(env())).toMatchObject([
        { ...about, first: { pid: process.pid }, places: [{ name: 'worker-1' }], services: [{ port: 80 }] },
      ]);
    }
    expect(standingLabs(env())).toEqual([]);
    expect(readdirSync(folder())).toEqual([]);
  });

  it('are forgotten once their first process is gone, however it ended', async () => {
    const child = spawn('sleep', ['60']);
    await announce(hands(child.pid ?? 0), about, env());
    expect(standingLabs(env())).toHaveLength(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(standingLabs(env())).toEqual([]);
    expect(readdirSync(folder())).toEqual([]);
  });

  it('are none where a record is damaged or was never written', () => {
    expect(standingLabs(env())).toEqual([]);
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), '1.json'), '{"schema":');
    writeFileSync(join(folder(), '2.json'), '{"schema":"other"}');
    expect(standingLabs(env())).toEqual([]);
  });

  it('are not announced where the lab is gone already', async () => {
    await expect(announce(hands(2 ** 22 + 1), about, env())).rejects.toThrow('the lab is gone');
  });
});
