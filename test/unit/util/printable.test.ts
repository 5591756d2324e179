import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { jsonText, printable, printableText } from '../../../src/util/printable.ts';
import { judge } from '../../../src/judge/judge.ts';
import { claimsMarkdown } from '../../../src/report/claims-markdown.ts';
import { heatMap } from '../../../src/report/heat-map.ts';
import { junitXml } from '../../../src/report/junit.ts';
import { matrixMarkdown } from '../../../src/report/matrix-markdown.ts';
import { extrasOf } from '../../../src/run/reporter.ts';
import { progressReporter } from '../../../src/report/progress.ts';
import { terminalReporter } from '../../../src/report/terminal.ts';
import { yamlTemplate } from '../../../src/scenario/templates.ts';
import { anyCharacter } from '../../fixtures/any-character.ts';
import { Cli, fakeLab } from '../cli/cli.ts';
import { HistoryBuilder, MET } from '../judge/history-builder.ts';
import { cell, matrixOf } from '../matrix/story.ts';

/** Sets the title, rings, clears the screen in two ways, turns the text round, and forges a line of its own. */
const HOSTILE = '\u001B]0;pwned\u0007\u001B[2J\u009B2J\u202Eback\u2028\r\nverdict  forged\u0000\u007F';
/** What steers a terminal; line ends are ours. */
// oxlint-disable-next-line no-control-regex
const STEERS = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\u2028\u2029]/u;
const FORGED = /^verdict {2}forged/m;

/** A file of the template's scenario with these values put in. */
function scenarioFile(folder: string, change: object): string {
  const path = join(folder, 'mine.yaml');
  writeFileSync(path, stringify({ ...(parse(yamlTemplate('x')) as object), ...change }));
  return path;
}

function expectHarmless(text: string): void {
  expect(text).not.toMatch(STEERS);
  expect(text).not.toMatch(FORGED);
}

/** On a terminal: what log-update and styleText write, and neither a title nor a bell. */
function expectNoneButColours(text: string): void {
  expect(text).not.toBe('');
  for (const sign of ['\u001B]', '\u0007', '\u009B']) expect(text).not.toContain(sign);
}

describe('what a scenario’s file says', () => {
  it.each([
    ['its note', { note: HOSTILE }],
    ['why it is skipped', { skip: HOSTILE }],
    ['what was compressed', { compressed: HOSTILE }],
  ])('speaks to no terminal: %s', async (_, change) => {
    using tablefull = new Cli({ labs: [fakeLab()] });
    const file = scenarioFile(tablefull.folder, change);
    const out = join(tablefull.folder, 'run');
    const { stdout, stderr } = await tablefull.run('run', file, '--out', out);
    expectHarmless(stdout);
    expectHarmless(stderr);
    for (const name of ['verdict.json', 'run.json', 'junit.xml', 'kernel.log'])
      expectHarmless(readFileSync(join(out, name), 'utf8'));
  });

  it('is shown all the same, with what would have steered written out', async () => {
    using tablefull = new Cli({ labs: [fakeLab()] });
    const file = scenarioFile(tablefull.folder, { note: HOSTILE });
    const { stdout } = await tablefull.run('run', file, '--out', join(tablefull.folder, 'run'));
    expect(stdout).toContain(String.raw`\x1b]0;pwned\x07\x1b[2J\x9b2J\u202eback\u2028 verdict`);
  });

  it('is the same in JSON, though nothing of it steers', async () => {
    using tablefull = new Cli({ labs: [fakeLab()] });
    const file = scenarioFile(tablefull.folder, { skip: HOSTILE });
    const { stdout } = await tablefull.run('run', file, '--json', '--out', join(tablefull.folder, 'run'));
    expectHarmless(stdout);
    expect(JSON.parse(stdout)).toMatchObject({ symptom: { reason: HOSTILE } });
  });

  it('stays harmless in a dry run and in a progress that is drawn on a terminal', async () => {
    using tablefull = new Cli({ labs: [fakeLab()] });
    const file = scenarioFile(tablefull.folder, { skip: HOSTILE });
    const { stdout } = await tablefull.run('run', file, '--dry-run');
    expectHarmless(stdout);
    const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
    const reporter = progressReporter(stderr);
    reporter.event?.({ type: 'not-judged', t: 1, cycle: 'symptom', status: 'skipped', reason: HOSTILE });
    expectNoneButColours(String(stderr.read()));
  });
});

describe('what is typed', () => {
  it('speaks to no terminal where it is repeated: the name of a file, a scenario, an option', async () => {
    using tablefull = new Cli();
    const file = join(tablefull.folder, '\u001B]0;pwned\u0007.yaml');
    writeFileSync(file, readFileSync(scenarioFile(tablefull.folder, {})));
    for (const words of [
      ['validate', file],
      ['run', file, '--param', `${HOSTILE}=1`],
      ['run', HOSTILE.replaceAll('\n', '')],
      ['run', 'saturate', `--\u001B[2J`],
      ['judge', join(tablefull.folder, '\u001B[2J')],
    ]) {
      const { stdout, stderr } = await tablefull.run(...words);
      expect(stdout + stderr, words[0]).not.toMatch(STEERS);
    }
  });
});

describe('what a history says', () => {
  const events = new HistoryBuilder({
    scenario: HOSTILE,
    lab: HOSTILE,
    kernel: HOSTILE,
    remedies: [HOSTILE],
    argv: ['run', HOSTILE],
    protocol: { note: HOSTILE, show: [HOSTILE] },
  })
    .symptom({ offered: 200, answered: 80, failure: HOSTILE, counters: { drop: 150 } })
    .with({ type: 'not-judged', cycle: HOSTILE, status: 'skipped', reason: HOSTILE })
    .with({ type: 'kernel-log', lines: [`table full${HOSTILE}`] })
    .over();

  it('speaks to no terminal when it is judged, on the screen and in JSON', async () => {
    using tablefull = new Cli();
    const folder = join(tablefull.folder, 'run');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'history.jsonl'),
      events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    );
    for (const words of [[], ['--json']]) {
      const { stdout, stderr } = await tablefull.run('judge', folder, ...words);
      expect(stdout).not.toBe('');
      expectHarmless(stdout);
      expectHarmless(stderr);
    }
  });

  it('speaks to nobody in JUnit’s XML', () => {
    expectHarmless(junitXml(judge(events, HOSTILE)));
  });

  it('leaves colours to us', async () => {
    const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    const reporter = terminalReporter(stdout);
    await reporter.end?.(judge(events), extrasOf(events));
    expectNoneButColours(String(stdout.read()));
  });
});

describe('what a matrix says', () => {
  const matrix = matrixOf(
    [
      cell(HOSTILE, HOSTILE, 'cured', {
        reason: HOSTILE,
        compressed: HOSTILE,
        run: HOSTILE,
        expected: 'worse',
        params: { [HOSTILE]: HOSTILE },
        figures: { [HOSTILE]: 1 },
      }),
    ],
    { kernel: HOSTILE, versions: { [HOSTILE]: HOSTILE } },
  );
  const shown = { rows: [{ scenario: HOSTILE, params: { [HOSTILE]: HOSTILE } }], columns: [HOSTILE] };

  it('speaks to nobody in Markdown, nor on the screen', () => {
    expectHarmless(matrixMarkdown(matrix, shown, () => [HOSTILE]));
    expectHarmless(claimsMarkdown([matrix]));
    expectHarmless(heatMap(matrix, shown, 80, (_, text) => text));
  });
});

describe('text that is safe to print', () => {
  it('is left as it is where nothing in it steers, the object itself included', () => {
    const event = new HistoryBuilder().symptom(MET).events;
    expect(printable(event)).toBe(event);
    expect(printableText('a line\n\tand “another” — ✓ \u{1F600}')).toBe(
      'a line\n\tand “another” — ✓ \u{1F600}',
    );
  });

  it('has nothing that steers, whatever it is made of, and takes one line in a document', () => {
    fc.assert(
      fc.property(fc.object({ key: fc.string({ unit: anyCharacter }), withBigInt: false }), (value) => {
        const texts: string[] = [];
        JSON.stringify(printable(value), (key, inner: unknown) => {
          texts.push(key, ...(typeof inner === 'string' ? [inner] : []));
          return inner;
        });
        for (const text of texts) expect(text).not.toMatch(/[\p{Cc}\p{Cs}\u202A-\u202E\u2028\u2029]/u);
      }),
    );
  });

  it('is JSON that reads back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: anyCharacter }), (value, text) => {
        const document = { value, text };
        expect(jsonText(document)).not.toMatch(STEERS);
        expect(JSON.parse(jsonText(document))).toEqual(JSON.parse(JSON.stringify(document)));
      }),
    );
  });
});
