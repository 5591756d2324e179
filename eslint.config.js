import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What each folder of src may not import: observing, judging and reporting know nothing of each other's insides. */
const DIRECTIONS = [
  {
    from: 'kernel',
    not: ['lab', 'load', 'run', 'judge', 'report', 'cli', 'guard', 'scenario', 'remedy'],
    but: ['run/history'],
  },
  { from: 'scenario', not: ['lab', 'load', 'run', 'judge', 'report', 'cli', 'guard', 'kernel'] },
  { from: 'fault', not: ['lab', 'load', 'run', 'judge', 'report', 'cli', 'guard', 'kernel'] },
  { from: 'remedy', not: ['lab', 'load', 'run', 'judge', 'report', 'cli', 'guard', 'kernel'] },
  { from: 'judge', not: ['lab', 'load', 'report', 'cli', 'guard', 'kernel', 'remedy'] },
  { from: 'report', not: ['lab', 'load', 'cli', 'guard', 'kernel', 'remedy'] },
  { from: 'matrix', not: ['load', 'cli', 'guard', 'kernel', 'claims'] },
  { from: 'claims', not: ['lab', 'load', 'run', 'report', 'cli', 'guard', 'kernel', 'remedy'] },
  { from: 'guard', not: ['lab', 'load', 'run', 'judge', 'report', 'cli', 'scenario', 'remedy'] },
  { from: 'lab', not: ['judge', 'report', 'cli', 'remedy'] },
  { from: 'load', not: ['lab', 'judge', 'report', 'cli', 'remedy', 'guard'] },
  { from: 'probe', not: ['lab', 'judge', 'report', 'cli', 'remedy', 'guard'] },
  { from: 'run', not: ['cli', 'kernel'], but: ['kernel/kmsg'] },
];

export default tseslint.config(
  { ignores: ['dist/', 'runs/', 'node_modules/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 300 }],
      eqeqeq: 'error',
    },
  },
  ...DIRECTIONS.map(({ from, not, but = [] }) => ({
    files: [`src/${from}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [...not.map((folder) => `**/${folder}/**`), ...but.map((file) => `!**/${file}.ts`)],
              message: `src/${from} stands below it; see docs/explanation/architecture.md`,
              allowTypeImports: false,
            },
          ],
        },
      ],
    },
  })),
  // What k6 reads as data its types have as classes.
  {
    files: ['**/*.k6.ts'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  { files: ['eslint.config.js'], ...tseslint.configs.disableTypeChecked },
);
