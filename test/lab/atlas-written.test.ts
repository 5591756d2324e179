import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command, scratch, statuses, verdict } from './command.ts';

it.each([
  ['saturate', 'keepalive,be-liberal'],
  ['boom', 'be-liberal'],
  ['dns-storm', 'trailing-dot'],
])(
  '%s, written by `init --from` and run, has the verdict of the scenario itself',
  async (scenario, remedies) => {
    using folder = scratch();
    const file = join(folder.path, 'mine.yaml');
    expect(await command(['init', file, '--from', scenario])).toMatchObject({ code: 0 });
    const options = ['--single-pass', '--remedy', remedies];
    const [itself, written] = [await verdict([scenario, ...options]), await verdict([file, ...options])];
    expect(written.verdict.symptom.status).toBe(itself.verdict.symptom.status);
    expect(statuses(written.verdict)).toEqual(statuses(itself.verdict));
    expect([itself.code, written.code]).toEqual([0, 0]);
  },
);
