import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addCommands } from '../../../src/cli/commands/index.ts';
import { addCompletion } from '../../../src/cli/commands/completion.ts';
import { netns } from '../../../src/lab/netns/entry.ts';
import { Cli } from './cli.ts';

const COMMANDS = commandsOf(knownCommands()).map(({ words, command }) => ({
  words,
  options: command.options.filter(({ hidden }) => !hidden).map((option) => option.flags),
}));

async function help(...words: readonly string[]): Promise<string> {
  using tablefull = new Cli();
  const { code, stdout, stderr } = await tablefull.run(...words);
  expect([words, code, stderr]).toEqual([words, 0, '']);
  return stdout;
}

/** The topics that a first page names. */
function topicsIn(page: string): readonly string[] {
  return /^More options: .* --help (\S+)$/m.exec(page)?.[1]?.split('|') ?? [];
}

/** The page of a command and those of its topics. */
async function pagesOf(words: readonly string[]): Promise<readonly string[]> {
  const first = await help(...words, '--help');
  return [
    first,
    ...(await Promise.all(topicsIn(first).map(async (topic) => await help(...words, '--help', topic)))),
  ];
}

describe('the help of', () => {
  it.each([[[]], ...COMMANDS.map(({ words }) => [words])])(
    '%j fits 24 lines of 80 columns a page',
    async (words) => {
      for (const page of await pagesOf(words)) {
        const lines = page.trimEnd().split('\n');
        expect(lines.length, page).toBeLessThanOrEqual(24);
        expect(lines.filter((line) => line.length > 80)).toEqual([]);
      }
    },
  );

  it.each(COMMANDS)('$words has every option on one of its pages', async ({ words, options }) => {
    const pages = (await pagesOf(words)).join('\n');
    expect(options.filter((flags) => !pages.includes(`  ${flags} `))).toEqual([]);
  });
});

it.each(['scenario', 'tablefull', 'matrix'])(
  'through `npm run %s` each line of the help that is typed begins with npm, and fits 80 columns',
  async (script) => {
    using tablefull = new Cli({ env: { npm_lifecycle_event: script } });
    for (const words of [['--help'], ['run', '--help']]) {
      const { stdout } = await tablefull.run(...words);
      const lines = stdout.trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(24);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      expect(stdout).not.toMatch(/(?<!npm run |Usage: )\btablefull (run|COMMAND|--)/);
    }
  },
);

describe('a topic of the help', () => {
  it('has its options and not the others', async () => {
    const page = await help('run', '--help', 'lab');
    expect(page).toContain('--kind-config <file>');
    expect(page).not.toMatch(/--remedy|Examples/);
  });

  it('is found behind a scenario and options, too', async () => {
    expect(await help('run', 'saturate', '--seed', '1', '-h', 'lab')).toBe(
      await help('run', '--help', 'lab'),
    );
  });

  it('is asked for through npm, where the first page was', async () => {
    using tablefull = new Cli({ env: { npm_lifecycle_event: 'tablefull' } });
    expect((await tablefull.run('run', '--help')).stdout).toContain(
      'More options: npm run tablefull -- run --help remedies|lab|repeat|output\n',
    );
  });

  it('that nobody knows is the first page, which names the topics', async () => {
    expect(await help('run', '--help', 'labs')).toBe(await help('run', '--help'));
  });
});

it('each example in the help of `run` is a command that works', async () => {
  using tablefull = new Cli({ labs: [netns] });
  const examples = [...(await help('run', '--help')).matchAll(/^ {2}tablefull (run .*?)(?: {2,}.*)?$/gm)].map(
    ([, words = '']) => words,
  );
  expect(examples.length).toBeGreaterThan(3);
  for (const words of examples) {
    const { code, stderr } = await tablefull.run(...words.split(' '), '--dry-run');
    expect([words, code, stderr]).toEqual([words, 0, '']);
  }
});

function knownCommands(): Command {
  const program = new Command('tablefull');
  const { stdout, stderr } = process;
  const asked = {
    argv: [],
    io: { stdout, stderr, env: {}, signals: process, ownVersion: '' },
    context: () => Promise.reject(new Error('nothing is run')),
    done: () => undefined,
  };
  addCommands(program, asked);
  addCompletion(program, asked);
  return program;
}

/** Every command with the words that name it, also those that only have others. */
function commandsOf(
  parent: Command,
  before: readonly string[] = [],
): readonly { readonly words: string[]; readonly command: Command }[] {
  return parent.commands.flatMap((command) => {
    const words = [...before, command.name()];
    return [{ words, command }, ...commandsOf(command, words)];
  });
}
