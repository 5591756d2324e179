import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import saturate from '../../../scenarios/saturate.ts';
import { loadLocated } from '../../../src/scenario/load-scenario.ts';
import { NoScenario } from '../../../src/scenario/located.ts';
import { TS_TEMPLATE } from '../../../src/scenario/templates.ts';
import { Cli } from '../cli/cli.ts';
import { ENVIRONMENT } from '../support/environment.ts';

/** Of what ends, nothing is late; what does not end is, however soon. */
const SOON = 500;
const LATE = 50_000;
const TIMEOUT = 60_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tablefull-module-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(text: string): string {
  const file = join(folder, 'mine.ts');
  writeFileSync(file, text);
  return file;
}

/** The lines that a module is refused with. */
async function refusal(text: string, within = { load: LATE, make: LATE }): Promise<readonly string[]> {
  const file = fileOf(text);
  try {
    await loadLocated(file, { environments: [ENVIRONMENT] }, { within });
  } catch (error) {
    if (error instanceof NoScenario) return error.lines.map((line) => line.replace(`${folder}/`, ''));
    throw error;
  }
  return [];
}

const scenario = (params: string, protocol = '() => ({})'): string => `
import { defineScenario } from 'tablefull';
export default defineScenario({ name: 'mine', summary: 's', params: ${params}, protocol: ${protocol} });`;

describe('a scenario’s module that would keep tablefull from going on', { timeout: TIMEOUT }, () => {
  it.each([
    ['never ends', 'for (;;);', /^mine\.ts:1:1: it did not load after 0\.5 s; .*$/],
    [
      'waits for what never comes',
      'await new Promise(() => setInterval(() => {}, 1e6));',
      /did not load after 0\.5 s/,
    ],
    [
      'waits in the kernel, where no signal of JavaScript’s is heard',
      `import { execFileSync } from 'node:child_process'; execFileSync('sleep', ['60']);`,
      /did not load after 0\.5 s/,
    ],
  ])('is refused in one line after its deadline where it %s', async (_, text, line) => {
    expect(await refusal(text, { load: SOON, make: LATE })).toEqual([expect.stringMatching(line)]);
  });

  it('is refused where making its protocol never ends', async () => {
    expect(await refusal(scenario('{}', '() => { for (;;); }'), { load: LATE, make: SOON })).toEqual([
      expect.stringMatching(/^mine\.ts:3:16: it made no protocol after 0\.5 s; .*$/),
    ]);
  });

  it.each([
    [
      'rejects a promise that nobody waits for',
      `\nPromise.reject(new Error('no luck'));${scenario('{}')}`,
      ':2:16: no luck',
    ],
    ['ends the process', `process.exit(0);`, ':1:1: it exits the process; remove the exit'],
    [
      'throws beside',
      `\nqueueMicrotask(() => { throw new Error('later'); });${scenario('{}')}`,
      ':2:30: later',
    ],
  ])('is refused at once where it %s', async (_, text, line) => {
    expect(await refusal(text)).toEqual([`mine.ts${line}`]);
  });

  it('is refused where it takes all memory', async () => {
    expect(await refusal('const all = []; for (;;) all.push(new Array(1e6).fill(all.length));')).toEqual([
      expect.stringMatching(/^mine\.ts:1:1: it uses more than \d+ MiB of memory; .*$/),
    ]);
  });

  it.each([
    [
      'has more parameters than anybody could try',
      `Object.fromEntries(Array.from({ length: 24 }, (_, i) => ['p' + i, { values: ['a', 'b'], summary: 's' }]))`,
      /^mine\.ts:3:16: params: it has 16777216 combinations of parameters; give at most 256$/,
    ],
    [
      'has a parameter with very many values',
      `{ a: { values: Array.from({ length: 1e6 }, String), summary: 's' } }`,
      /^mine\.ts:3:16: params\.a\.values: is too long; give at most 100 items$/,
    ],
  ])('is refused where it %s', async (_, params, line) => {
    expect(await refusal(scenario(params))).toEqual([expect.stringMatching(line)]);
  });
});

it.each([
  ['a syntax error', 'const ok = 1;\nconst = 2;', ':2:7: Unexpected token `=`'],
  ['TypeScript that Node can’t strip', '\nenum A { B }', ':2:1: TypeScript enum is not supported'],
  [
    'a parameter without values',
    `import { defineScenario } from 'tablefull';\nexport default defineScenario({ name: 'x', summary: 's', params: { a: { summary: 's' } }, protocol: 1 });`,
    ':2:16: params.a.values: is missing; give a list',
  ],
  ['nothing thrown', 'throw null', ':1:1: it throws null'],
])(
  'a scenario’s module with %s is refused with its line and column',
  async (_, text, line) => {
    const [first] = await refusal(text);
    expect(first).toContain(`mine.ts${line}`);
  },
  TIMEOUT,
);

describe('a scenario’s module', { timeout: TIMEOUT }, () => {
  it('is asked for every combination of its parameters, and is a scenario like any other', async () => {
    const { scenario: mine } = await loadLocated(fileOf(TS_TEMPLATE), { environments: [ENVIRONMENT] });
    expect([mine.name, mine.place, Object.keys(mine.params)]).toEqual(['mine', ':4:16', ['free']]);
    expect(mine.protocol({}, ENVIRONMENT).fault).toEqual({ kind: 'squeeze', node: 'worker-1', free: 100 });
    expect(mine.protocol({ free: '50' }, ENVIRONMENT).fault).toMatchObject({ free: 50 });
    expect(() => mine.protocol({ free: '7' }, ENVIRONMENT)).toThrow(/^--param free=7: use 100 or 50$/);
  });

  it('may change a scenario that comes with tablefull, by the name that the package exports', async () => {
    const ours = (name: string) => `
import { defineScenario } from 'tablefull';
import base from '${name}';
export default defineScenario({
  ...base,
  name: 'ours',
  protocol: (params, environment) => ({ ...base.protocol(params, environment), remedies: {} }),
});
`;
    const name = 'tablefull/scenarios/saturate.js';
    const { scenario } = await loadLocated(fileOf(ours(name)), { environments: [ENVIRONMENT] });
    const base = saturate.protocol({ fill: 'held' }, ENVIRONMENT);
    expect(scenario.protocol({ fill: 'held' }, ENVIRONMENT)).toEqual({ ...base, remedies: {} });
    const wrong = fileOf(ours('tablefull/scenarios/satrate.js'));
    await expect(loadLocated(wrong, { environments: [ENVIRONMENT] })).rejects.toThrow(
      `${wrong}:1:1: there is no tablefull/scenarios/satrate.js; \`tablefull list\` shows the scenarios`,
    );
  });

  it('runs in no process of ours: what it does to its own world stays there', async () => {
    const file = fileOf(`globalThis.intruder = true; process.env.INTRUDER = 'yes';\n${TS_TEMPLATE}`);
    await loadLocated(file, { environments: [ENVIRONMENT] });
    expect(['intruder' in globalThis, process.env.INTRUDER]).toEqual([false, undefined]);
  });

  it('may print, which is talk and no data', async () => {
    const file = fileOf(`console.log('\\u001B[2Jhere');\n${TS_TEMPLATE}`);
    const said: string[] = [];
    await loadLocated(file, { environments: [ENVIRONMENT] }, { say: (line) => said.push(line) });
    expect(said).toEqual([`${file} prints: \u001B[2Jhere`]);
    using tablefull = new Cli();
    const { code, stdout, stderr } = await tablefull.run('run', file, '--dry-run', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'tablefull/dry-run/v1' });
    expect(stderr).toContain(String.raw`prints: \x1b[2Jhere`);
  });
});
