import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processesOf, scratch, start } from './command.ts';

describe('a run in a browser', () => {
  it('tells it phases, tables and the verdict, and leaves neither server nor process', async () => {
    using folder = scratch();
    const args = ['run', 'boom', '--remedy', 'be-liberal', '--single-pass', '--ui'];
    const { process: run, marker } = start(args, 'nobody', folder.path);
    const [first] = (await once(run.stderr, 'data')) as [Buffer];
    const url = /live view.*: (http:\S+)/.exec(first.toString())?.[1] ?? '';
    const response = await fetch(`${url}events`);
    const events = await response.text();
    const { stdout } = await run;
    const kinds = [...events.matchAll(/^event: (\w+)$/gm)].map(([, kind]) => kind);
    expect(kinds.filter((kind) => kind === 'state').length).toBeGreaterThan(5);
    expect(kinds).toContain('plot');
    expect(kinds.at(-1)).toBe('verdict');
    // Whatever the verdict is beside this load, it is the screen’s.
    const [headline = 'none'] = /^[A-Z ]+(?= boom:)/m.exec(stdout) ?? [];
    expect(/^event: verdict\ndata: (.*)$/m.exec(events)?.[1]).toContain(headline);
    await expect(fetch(url)).rejects.toThrow();
    expect(processesOf(marker)).toEqual([]);
  });
});
