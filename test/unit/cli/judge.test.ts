import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../../src/schema/history.ts';
import { REMEDY_STATUSES } from '../../../src/schema/statuses.ts';
import { Cli } from './cli.ts';
import { HistoryBuilder, MET, LOSSY } from '../judge/history-builder.ts';

/** `judge` of a history that somebody wrote. */
async function judged(events: readonly (HistoryEvent | object)[]) {
  using tablefull = new Cli();
  const folder = join(tablefull.folder, 'run');
  mkdirSync(folder);
  writeFileSync(join(folder, 'history.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const { code, stdout, stderr } = await tablefull.run('judge', folder);
  return { code, stdout, stderr: stderr.replaceAll(`${folder}/`, '') };
}

const story = (header: ConstructorParameters<typeof HistoryBuilder>[0]) =>
  new HistoryBuilder({ remedies: ['placebo'], ...header })
    .symptom(LOSSY, MET)
    .remedy('placebo', LOSSY)
    .over();

describe('judge of a history', () => {
  it.each([
    [
      'a status that no symptom has',
      { symptom: 'reproducd' },
      'expect.symptom: is "reproducd"; did you mean reproduced?',
    ],
    [
      'a status that no remedy has',
      { placebo: 'gone' },
      `expect.placebo: is "gone"; use ${REMEDY_STATUSES.join(', ')}`,
    ],
  ])('is refused with the place where it expects %s', async (_, expected, line) => {
    expect(await judged(story({ expect: expected }))).toEqual({
      code: 64,
      stdout: '',
      stderr: `tablefull: history.jsonl:1: event.${line}\n`,
    });
  });

  it('is judged where it expects what there is', async () => {
    const { code, stderr } = await judged(story({ expect: { symptom: 'reproduced', placebo: 'no-effect' } }));
    expect([code, stderr]).toEqual([0, '']);
  });

  it('is refused in one line where the judge can make nothing of it', async () => {
    const [header, ...events] = story({});
    const twice = await judged([header ?? {}, ...events.slice(0, 3), header ?? {}, ...events]);
    expect(twice.code).toBe(64);
    expect(twice.stderr).toBe('tablefull: history.jsonl:5: a history has one `run` event, its first\n');
  });
});

it.each(['judge', 'report'])(
  '`%s` of a folder with several runs names them, with the command for one',
  async (verb) => {
    using tablefull = new Cli();
    const folder = join(tablefull.folder, 'matrix');
    for (const name of ['saturate', 'boom', 'boom-2']) {
      const run = join(folder, 'runs', name);
      mkdirSync(run, { recursive: true });
      writeFileSync(join(run, 'history.jsonl'), '');
    }
    expect(await tablefull.run(verb, folder)).toEqual({
      code: 64,
      stdout: '',
      stderr: `tablefull: ${folder} is not one run; type: tablefull ${verb} ${folder}/runs/boom; beside it are boom-2, saturate\n`,
    });
  },
);

it('`judge` of a large matrix names a few of its runs, and how many more there are', async () => {
  using tablefull = new Cli();
  const folder = join(tablefull.folder, 'matrix');
  for (let i = 1; i <= 120; i++) {
    const run = join(folder, 'runs', `run-${String(i)}`);
    mkdirSync(run, { recursive: true });
    writeFileSync(join(run, 'history.jsonl'), '');
  }
  const { code, stderr } = await tablefull.run('judge', folder);
  expect(code).toBe(64);
  expect(stderr).toMatch(/beside it are run-2, run-3, run-4, run-5, run-6 and 114 more\n$/);
});
