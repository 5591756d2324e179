/** A line of a list in the code, and its import. */
export interface Registration {
  readonly path: string;
  readonly import: (names: Names) => string;
  readonly entry: (names: Names) => string;
}

/** A name in the spellings that files need: `slow-start`, `slowStart`, `SlowStart`. */
export interface Names {
  readonly name: string;
  readonly id: string;
  readonly Id: string;
}

/** What `npm run new` can write. */
export interface Kind {
  /** Its folder of templates. */
  readonly folder: string;
  /** Each template's file, by template. */
  readonly files: (name: string) => Readonly<Record<string, string>>;
  readonly list: Registration;
  /** Whether `tablefull explain NAME` prints its page; such names are unique across pages. */
  readonly explained: boolean;
  /** Rows of tables kept by hand, each where its file has a table that begins with this cell. */
  readonly rows?: readonly Row[];
  /** What to do next, a line each. */
  readonly next: (name: string) => readonly string[];
}

interface Row {
  readonly path: string;
  readonly firstCell: string;
  readonly cells: (name: string) => readonly string[];
}

const CHECK = 'Then: npm run docs && npm run check && npm run test:unit';

export const KINDS = {
  scenario: {
    folder: 'scenario',
    files: (name) => ({
      'scenario.ts': `scenarios/${name}.ts`,
      'page.md': `docs/explanation/scenarios/${name}.md`,
      'test.ts': `test/unit/scenario/${name}.test.ts`,
    }),
    list: {
      path: 'scenarios/index.ts',
      import: ({ name, id }) => `import ${id} from './${name}.ts';`,
      entry: ({ id }) => `${id},`,
    },
    explained: true,
    rows: [
      {
        path: 'README.md',
        firstCell: 'You see',
        cells: (name) => ['New connections of ten pods time out', `\`${name}\``, '`keepalive`'],
      },
      {
        path: 'docs/explanation/symptoms.md',
        firstCell: 'You see',
        cells: (name) => [
          'New connections of ten pods time out',
          '`drop` rises, entries = maximum',
          `\`${name}\``,
          '`keepalive`',
        ],
      },
    ],
    next: (name) => [
      `It runs already, as a small full table: npm run scenario ${name}`,
      'Change the scenario, its page, its test, and its rows in README.md and docs/explanation/symptoms.md.',
      CHECK,
    ],
  },
  remedy: {
    folder: 'remedy',
    files: (name) => ({
      'remedy.ts': `src/remedy/${name}.ts`,
      'page.md': `docs/explanation/remedies/${name}.md`,
      'manifest.yaml': `manifests/remedies/${name}.yaml`,
      'test.ts': `test/unit/remedy/${name}.test.ts`,
    }),
    list: {
      path: 'src/remedy/index.ts',
      import: ({ name, id }) => `import { ${id} } from './${name}.ts';`,
      entry: ({ id }) => `${id},`,
    },
    explained: true,
    next: (name) => [
      `It works already, as one sysctl: npm run scenario saturate -- --remedy ${name}`,
      'Change the remedy, its page, its manifest and its test. Name it in a scenario that it should cure.',
      CHECK,
    ],
  },
  load: {
    folder: 'load',
    files: (name) => ({
      'index.ts': `src/load/${name}/index.ts`,
      'schema.ts': `src/load/${name}/schema.ts`,
      'run.ts': `src/load/${name}/run.ts`,
      'test.ts': `test/unit/load/${name}.test.ts`,
    }),
    list: {
      path: 'src/load/index.ts',
      import: ({ name, id }) => `import { ${id} } from './${name}/index.ts';`,
      entry: ({ id }) => `${id},`,
    },
    explained: false,
    next: (name) => [
      `It works already: a scenario can have it as its demand (kind: ${name}).`,
      'Change its schema, its plan, its program and its test.',
      CHECK,
    ],
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;
