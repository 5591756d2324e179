import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { problemsOf } from '../../../src/scenario/check.ts';
import { defineScenario } from '../../../src/scenario/define.ts';
import { linesOn, NoScenario } from '../../../src/scenario/located.ts';
import { yamlTemplate } from '../../../src/scenario/templates.ts';
import { scenarioFromYaml } from '../../../src/scenario/yaml-scenario.ts';
import { anyCharacter } from '../../fixtures/any-character.ts';
import { ENVIRONMENT } from '../support/environment.ts';

const FILE = 'mine.yaml';
/** Without its comments, where a change would change nothing. */
const SOUND = yamlTemplate('x').replaceAll(/^#.*\n|^ +#.*\n|^\n/gm, '');
/** On a busy machine; else it is seconds. */
const TIMEOUT = 60_000;
const KNOWN = REMEDIES.map(({ name }) => name);

/** What `validate` would say of a text: a line each. */
function refusals(text: string): readonly string[] {
  try {
    const { scenario, at } = scenarioFromYaml(text, FILE);
    return linesOn(FILE, at, problemsOf(scenario, [ENVIRONMENT], KNOWN));
  } catch (error) {
    if (error instanceof NoScenario) return error.lines;
    throw error;
  }
}

/** Every line has the file, a place in it, and something to say; none has a stack, or anything that steers a terminal. */
function areClear(lines: readonly string[]): void {
  const unclear = lines.find(
    (line) =>
      !/^mine\.yaml:[1-9]\d*:[1-9]\d*: \S.*$/u.test(line) ||
      /\p{Cc}| at .*\.ts:|undefined|\[object/u.test(line),
  );
  if (unclear !== undefined) throw new Error(`unclear: ${unclear}`);
}

let refused = 0;
let asked = 0;
function check(text: string): void {
  const lines = refusals(text);
  areClear(lines);
  asked++;
  if (lines.length > 0) refused++;
}

const pieces = fc.constantFrom(
  ...[
    'name: mine',
    'node:',
    '- ',
    '  ',
    '\n',
    '\t',
    '&a ',
    '*a',
    '!t ',
    '{',
    '}',
    '[',
    ']',
    ': ',
    ', ',
    '"',
    "'",
    '|',
    '>',
  ],
  ...[
    '? ',
    '<<: *a',
    '---',
    '...',
    '%YAML 1.1\n',
    '# ',
    '\0',
    '\uFEFF',
    '\r\n',
    '__proto__',
    'constructor',
    '.nan',
    '1e999',
  ],
);
const anyText = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 200 }),
  fc.array(pieces, { maxLength: 60 }).map((words) => words.join('')),
);

it(
  '1,000 random texts are each refused, clearly',
  () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const lines = refusals(text);
        if (lines.length === 0) throw new Error('sound');
        areClear(lines);
      }),
      { numRuns: 1000 },
    );
  },
  TIMEOUT,
);

it(
  '1,000 sound texts with something cut out, put in or doubled are sound or refused, clearly',
  () => {
    const place = fc.nat({ max: SOUND.length });
    fc.assert(
      fc.property(
        place,
        fc.nat({ max: 40 }),
        fc.oneof(pieces, fc.string({ maxLength: 5 })),
        (from, length, put) => {
          check(`${SOUND.slice(0, from)}${put}${SOUND.slice(from + length)}`);
        },
      ),
      { numRuns: 1000 },
    );
  },
  TIMEOUT,
);

/** Every path in a value, the containers' included. */
function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function withAt(value: unknown, [step, ...rest]: readonly string[], put: unknown): unknown {
  if (step === undefined) return put;
  if (Array.isArray(value))
    return value.map((item, i) => (String(i) === step ? withAt(item, rest, put) : (item as unknown)));
  const record = value as Record<string, unknown>;
  return Object.fromEntries([...Object.entries(record), [step, withAt(record[step], rest, put)]]);
}

const sound = parse(SOUND) as Record<string, unknown>;
const paths = pathsOf(sound);
const anyValue = fc.oneof(
  fc.anything({ maxDepth: 2, withNullPrototype: false }),
  fc.constantFrom(
    'requests.failed.rate > 0',
    'drop.delta <',
    'fault.x > 1',
    'worker-1',
    'all',
    'sysctl',
    'command',
    -1,
    0,
    1e300,
  ),
  fc.string(),
);

it(
  '1,000 sound scenarios with another value somewhere are sound or refused, clearly',
  () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
        check(stringify(withAt(sound, path, value)));
      }),
      { numRuns: 1000 },
    );
    // Else the generators would prove little.
    expect(refused / asked).toBeGreaterThan(0.7);
  },
  TIMEOUT,
);

it(
  '1,000 protocols of a module with anything anywhere, cycles included, are sound or refused, clearly',
  () => {
    const { name: _, summary: __, ...protocol } = sound;
    fc.assert(
      fc.property(
        fc.constantFrom(...pathsOf(protocol)),
        fc.option(anyValue),
        fc.boolean(),
        (path, value, cycle) => {
          const changed = withAt(protocol, path, value);
          if (cycle && typeof changed === 'object' && changed !== null)
            Object.assign(changed, { topology: changed, show: [changed] });
          const scenario = defineScenario({
            name: 'mine',
            summary: 's',
            params: {},
            protocol: () => changed as never,
          });
          const lines = linesOn(FILE, () => ':1:1', problemsOf(scenario, [ENVIRONMENT], KNOWN));
          areClear(lines);
          if (cycle && lines.length === 0) throw new Error('sound');
        },
      ),
      { numRuns: 1000 },
    );
  },
  TIMEOUT,
);
