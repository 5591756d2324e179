/**
 * Imports go one way. Each folder of src may import those before it in this list, and none after it.
 * docs/explanation/architecture.md has the graph that follows from it.
 */
const LAYERS = [
  'util',
  'kernel',
  'host',
  'change',
  'toolchain',
  'server',
  'load',
  'guard',
  'schema',
  'history',
  'figure',
  'fault',
  'remedy',
  'scenario',
  'manifest',
  'agent',
  'judge',
  'claims',
  'lab',
  'run',
  'matrix',
  'suite',
  'compare',
  'report',
  'play',
  'workshop',
  'cli',
];

/**
 * What is data of a load: its schema, its declaration, and the words of its outcomes. Its program is imported when a
 * load is offered.
 */
const LOADS = [
  'load/index',
  'load/define-load',
  'load/(curl|events|fields|outcome-words)',
  'load/[^/]+/(schema|index)',
];

/** Folders of values and pure functions: of those before them, they import these alone. */
const PURE = {
  schema: ['util', 'kernel/counter-names', 'change', 'server/apps', ...LOADS],
  figure: ['util', 'change', 'schema', 'kernel/counter-names', 'history/run', 'server/apps', ...LOADS],
  fault: ['util', 'change', 'schema', 'server/segments'],
  remedy: ['util', 'kernel/table-names', 'change', 'schema', ...LOADS],
  manifest: [
    'util',
    'kernel/(sizing|table-names)',
    'change',
    'schema',
    'remedy',
    'scenario/(yaml-text|located)',
    ...LOADS,
  ],
  judge: ['util', 'change', 'schema', 'history/run', 'figure', ...LOADS],
  claims: ['util', 'schema', 'figure', 'judge'],
};

/** @param {readonly string[]} names */
const folder = (names) => `^src/(${names.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Files do not import each other in a circle.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'listed',
      comment: 'A new folder of src gets its place in LAYERS.',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: folder(LAYERS) },
    },
    ...LAYERS.slice(0, -1).map((name, i) => ({
      name: `${name}-is-below`,
      comment: `src/${name} may import only the folders before it in LAYERS.`,
      severity: 'error',
      from: { path: folder([name]) },
      to: { path: folder(LAYERS.slice(i + 1)) },
    })),
    ...Object.entries(PURE).map(([name, may]) => ({
      name: `${name}-is-pure`,
      comment: `src/${name} holds data and pure functions.`,
      severity: 'error',
      from: { path: folder([name]) },
      to: { path: '^src/', pathNot: `^src/(${[name, ...may].join('|')})(/|\\.ts$)` },
    })),
    {
      name: 'a-load-is-declared',
      comment: 'A load’s declaration loads its program, and whatever that needs, when it is used.',
      severity: 'error',
      from: { path: `^src/(${LOADS.join('|')})\\.ts$` },
      to: {
        path: '^src/',
        pathNot: `^src/(${['util', 'server/(apps|segments)', ...LOADS].join('|')})(/|\\.ts$)`,
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    {
      name: 'inside-is-not-outside',
      comment: 'A lab has two programs: what runs inside its namespaces does not import what runs outside.',
      severity: 'error',
      from: { path: '^src/lab/[^/]+/inside/' },
      to: { path: '^src/lab/[^/]+/outside/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^node:' },
  },
};
