import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { whyNoFigure } from '../../../src/figure/names.ts';
import { kindOf } from '../../../src/load/index.ts';
import { defineLoad } from '../../../src/scenario/own-load.ts';
import { seconds } from '../../../src/util/bounds.ts';
import saturate from '../../../scenarios/saturate.ts';

const PROGRAM = new URL('../../../src/load/own/program.ts', import.meta.url).href;

const refused = defineLoad({
  module: import.meta.url,
  name: 'refused',
  unit: 'connections',
  schema: z.strictObject({ port: z.int().max(65_535), connectTimeout: seconds('The time limit.') }),
  figures: { resets: 'RSTs received' },
  run: () => Promise.resolve(),
});
const GIVEN = {
  pods: 'client',
  service: 'web',
  operations: 600,
  seconds: '2s',
  port: 9,
  connectTimeout: '500ms',
};

describe('a load of one’s own', () => {
  it('is data: what it counts, how much is due, and its settings as they were given', () => {
    const load = refused(GIVEN);
    const { unit, planned, peakRate, stretched } = kindOf(load);
    expect([unit, planned(load), peakRate(load), stretched(load, 2)]).toEqual([
      'connections',
      600,
      300,
      { ...load, seconds: 4 },
    ]);
    expect(load.settings).toEqual({ port: 9, connectTimeout: '500ms' });
    expect(structuredClone(load)).toEqual(load);
  });

  it.each([
    [{ ...GIVEN, port: 99_999 }, /^load refused: port: is 99999; give at most 65535$/],
    [{ ...GIVEN, operations: 0 }, /^load refused: operations: is 0; give more than 0$/],
    [
      { ...GIVEN, conectTimeout: 1 },
      /^load refused: conectTimeout: unknown key .*did you mean connectTimeout/,
    ],
  ])('refuses a wrong setting in one line', (given, line) => {
    expect(() => refused(given)).toThrow(line);
  });

  it('has the figures that it declares, and no other', () => {
    const protocol = {
      ...saturate.protocol({}, { kernel: [6, 18], squeeze: 'ballast', privileged: false }),
      demand: refused(GIVEN),
    };
    expect(whyNoFigure('own.resets', protocol)).toBeUndefined();
    expect(whyNoFigure('own.reset', protocol)).toBe('unknown figure own.reset; did you mean own.resets?');
    expect(whyNoFigure('connections.failed.rate', protocol)).toBeUndefined();
  });
});

describe('the module of a load of one’s own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tablefull-own-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs a module's load in a process of its own, as an agent does. @returns what it records, or its error */
  async function ran(text: string, figures: Readonly<Record<string, string>>): Promise<string> {
    const file = join(folder, 'mine.ts');
    writeFileSync(file, text);
    const module = pathToFileURL(file).href;
    const load = { ...refused(GIVEN), module, settings: { n: 2 }, figures };
    const code = `
      const { programAt } = await import(${JSON.stringify(PROGRAM)});
      const context = { measured: (figures) => console.log(JSON.stringify(figures)) };
      try {
        const { run } = await programAt(${JSON.stringify(module)});
        await run(${JSON.stringify(load)}, context);
      } catch (error) {
        console.log(error.message);
      }`;
    const { stdout } = await execa(process.execPath, ['--no-warnings', '--input-type=module', '-e', code]);
    return stdout;
  }

  const MINE = `import { defineLoad, z } from 'tablefull';
    export default defineLoad({
      module: import.meta.url, name: 'mine', unit: 'things', schema: z.strictObject({ n: z.number() }),
      figures: { seen: 'how many' },
      run: async (load, context) => context.measured({ seen: load.n + load.operations }),
    });`;

  it('runs with its parsed settings, and records its figures under own', async () => {
    expect(await ran(MINE, { seen: 'how many' })).toBe('{"own.seen":602}');
  });

  it('may not measure what it does not declare', async () => {
    expect(await ran(MINE, {})).toBe('seen is measured but not declared; add it to figures');
  });

  it('is refused where it exports no load', async () => {
    expect(await ran('export default 1;', {})).toMatch(/mine\.ts: export default defineLoad\(.* is missing$/);
  });
});
