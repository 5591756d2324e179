import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { yamlTemplate } from '../../../src/scenario/templates.ts';
import { Cli } from '../cli/cli.ts';

/** What `validate` says of the template with these changes in its own remedy; the first one's line is 60. */
async function refusals(...changes: readonly string[]): Promise<readonly string[]> {
  using tablefull = new Cli();
  const file = join(tablefull.folder, 'mine.yaml');
  const [before = ''] = yamlTemplate('./scenario.schema.json').split(/(?<=changes:\n) {6}- /);
  writeFileSync(file, `${before}${changes.map((change) => `      - ${change}\n`).join('')}`);
  const { code, stderr } = await tablefull.run('validate', file);
  expect(code).toBe(stderr === '' ? 0 : 64);
  return stderr.trim().replaceAll(`tablefull: ${file}`, '').split('\n');
}

it('validate accepts another way of making the demand', async () => {
  expect(await refusals('{ kind: load, set: { reuse: true } }')).toEqual(['']);
});

it('validate reads what a load change sets, as the lab does in the middle of a run', async () => {
  const [reuse, unknown, ...more] = await refusals('{ kind: load, set: { reuse: maybe, segmnt: above } }');
  const place = 'ownRemedies.short-time-wait.changes.0.set';
  expect(reuse).toBe(`:60:30: ${place}.reuse: is "maybe"; give true or false`);
  expect(unknown).toMatch(`:60:44: ${place}.segmnt: unknown key "segmnt"; its keys are kind, pods, `);
  expect(more).toEqual([]);
});

it('validate names the load, the service and the pods that there are not', async () => {
  const place = 'ownRemedies.short-time-wait.changes';
  expect(
    await refusals(
      '{ kind: load, of: noise, set: { reuse: true } }',
      '{ kind: event, at: 1, change: { kind: load, set: { service: wep, pods: ap } } }',
    ),
  ).toEqual([
    `:60:23: ${place}.0.of: unknown load noise; use demand`,
    `:61:74: ${place}.1.change.set.pods: unknown pod set ap; did you mean app?`,
    `:61:60: ${place}.1.change.set.service: unknown service wep; did you mean web?`,
  ]);
});
