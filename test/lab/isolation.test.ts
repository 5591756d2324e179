import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { dropTo, PEOPLE, scratch, start, type As } from './command.ts';

const SEND = `
const socket = require('node:dgram').createSocket('udp4');
socket.send('x', 53, '203.0.113.9', (error) => { console.log(error?.code ?? 'sent'); socket.close(); });`;

/** A kept lab, with the printed lines that open a shell in a node and in a pod. */
async function keptLab(as: As, cwd: string) {
  const run = start(['run', 'boom', '--remedy', 'none', '--keep-lab'], as, cwd);
  const shells: string[][] = [];
  for await (const line of createInterface({ input: run.process.stderr })) {
    if (line.includes('nsenter')) shells.push(line.trim().split(' '));
    if (shells.length === 2) break;
  }
  const [node = [], pod = []] = shells;
  const within =
    (shell: readonly string[]) =>
    async (...command: string[]): Promise<string> => {
      const [file = '', ...args] = [...dropTo(as), ...shell.slice(0, -1), ...command];
      return (await execa(file, args)).stdout;
    };
  return {
    node: within(node),
    pod: within(pod),
    close: async () => {
      run.process.kill('SIGINT');
      return (await run.process).exitCode;
    },
  };
}

describe.each(PEOPLE)('a lab that is kept, as %s', (as) => {
  it('a kept lab can be entered, and lets nothing out: attempts are counted and dropped', async () => {
    using folder = scratch();
    const lab = await keptLab(as, folder.path);
    const escaped = async (): Promise<string> =>
      /packets (\d+)/.exec(await lab.node('nft', 'list', 'counter', 'ip', 'tablefull', 'escaped'))?.[1] ?? '';
    expect(await escaped()).toBe('0');
    expect(await lab.pod(process.execPath, '-e', SEND)).toBe('sent');
    expect(await escaped()).toBe('1');
    expect(await lab.node('ip', 'route', 'show', 'default')).toBe('');
    const links = (await lab.node('ip', '-brief', 'link')).split('\n').map((line) => line.split(/[@ ]/)[0]);
    expect(links.sort()).toEqual(['eth0', 'lo', 'pod0', 'pod1', 'pod2', 'pod3']);
    expect(await lab.close()).toBe(0);
  });
});

describe('Ctrl-C, delivered twice as npm does', () => {
  it('Ctrl-C, delivered twice as npm does, stops the run, restores, and writes the history so far', async () => {
    using folder = scratch();
    const run = start(['run', 'saturate', '--verbose'], 'nobody', folder.path);
    const lines = createInterface({ input: run.process.stderr });
    while (!String(await once(lines, 'line')).includes('fault begins'));
    run.process.kill('SIGINT');
    setTimeout(() => run.process.kill('SIGINT'), 50);
    const { exitCode, stdout } = await run.process;
    expect(exitCode).toBe(130);
    expect(stdout).toContain('all restored');
    expect(stdout).toMatch(/^INTERRUPTED saturate: by SIGINT/m);
  });
});
