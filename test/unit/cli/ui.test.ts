import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cli, fakeLab, Kept, TOY } from './cli.ts';

/** Runs with --ui, and reads its events from the first phase on. @param then done in the phase `fault` */
async function watched(then: (cli: Cli) => void = () => undefined) {
  const stderr = new Kept();
  const addressIn = (text: string): string => /live view.*: (http:\S+)\n/.exec(text)?.[1] ?? '';
  let events: Promise<string> = Promise.resolve('');
  using tablefull = new Cli((cli) => ({
    stderr,
    scenarios: [TOY],
    labs: [
      fakeLab(async (deed) => {
        if (deed === 'symptom baseline') {
          const response = await fetch(`${addressIn(stderr.text)}events`);
          events = response.text();
        }
        if (deed === 'symptom fault') then(cli);
      }),
    ],
  }));
  const out = join(tablefull.folder, 'run');
  const { code, stdout } = await tablefull.run('run', 'toy', '--remedy', 'raise-max', '--ui', '--out', out);
  return { code, stdout, url: addressIn(stderr.text), events: await events };
}

describe('run --ui', () => {
  it('shows the run to a browser until its verdict, and is gone with it', async () => {
    const { code, stdout, url, events } = await watched();
    expect(code).toBe(0);
    expect(stdout).toContain('PASSED toy');
    expect(events).toMatch(/^event: run\ndata: "toy · fake lab · kernel /);
    const kinds = [...events.matchAll(/^event: (\w+)$/gm)].map(([, kind]) => kind);
    expect(new Set(kinds)).toEqual(new Set(['run', 'state', 'line', 'plot', 'verdict']));
    expect(kinds.at(-1)).toBe('verdict');
    expect(/^event: verdict\ndata: (.*)$/m.exec(events)?.[1]).toContain('raise-max cures it.');
    await expect(fetch(url)).rejects.toThrow();
  });

  it('ends with Ctrl-C, too', async () => {
    const { code, url, events } = await watched(({ signals }) => signals.emit('SIGINT', 'SIGINT'));
    expect(code).toBe(130);
    expect(events).toContain('SIGINT: taking the lab down');
    expect(/^event: verdict\ndata: (.*)$/m.exec(events)?.[1]).toContain('INTERRUPTED');
    await expect(fetch(url)).rejects.toThrow();
  });
});
