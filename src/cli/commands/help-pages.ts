import { Help, type Command, type Option } from 'commander';
import { typed } from '../../report/rerun.ts';

/** A command whose help is longer than a screen has several pages. Options stand by their long names. */
interface HelpPages {
  /** The first page, `--help`. */
  readonly usual: readonly string[];
  /** A page each, `--help TOPIC`; together they have every option. */
  readonly topics: Readonly<Record<string, readonly string[]>>;
  /** Command lines and what they do, below the first page’s options. */
  readonly examples: readonly (readonly [words: readonly string[], what?: string])[];
}

export const RUN_PAGES: HelpPages = {
  usual: ['remedy', 'param', 'control', 'lab', 'ui', 'dry-run'],
  topics: {
    remedies: ['remedy', 'expect', 'param', 'control', 'single-pass', 'hide-expected', 'no-commands'],
    lab: ['lab', 'reuse', 'kind-config', 'squeeze', 'wait', 'keep-lab'],
    repeat: ['seed', 'pace', 'repeat', 'retry-inconclusive', 'inconclusive', 'baseline'],
    output: ['out', 'reporter', 'json', 'quiet', 'verbose', 'figures', 'ui', 'dry-run'],
  },
  examples: [
    [['run', 'saturate', '--remedy', 'raise-max,keepalive'], 'only these two'],
    [['run', 'boom', '--param', 'segment=below'], 'another value'],
    [['run', 'saturate', '--control'], 'no fault'],
    [['run', 'saturate', '--remedy', 'sysctl:net.ipv4.tcp_tw_reuse=1']],
  ],
};

export const MATRIX_PAGES: HelpPages = {
  usual: ['quick', 'only', 'remedy', 'lab', 'jobs', 'resume'],
  topics: {
    cells: ['quick', 'only', 'remedy', 'no-commands'],
    lab: ['lab', 'reuse', 'squeeze', 'jobs', 'wait'],
    repeat: ['seed', 'repeat', 'retry-inconclusive', 'inconclusive', 'resume'],
    output: ['out', 'json', 'quiet'],
  },
  examples: [],
};

export const TEST_PAGES: HelpPages = {
  usual: ['only', 'lab', 'jobs', 'baseline', 'out', 'dry-run', 'no-commands'],
  topics: {
    suite: ['only', 'lab', 'jobs', 'wait', 'seed', 'no-commands'],
    judging: ['retry-inconclusive', 'inconclusive', 'baseline'],
    output: ['out', 'reporter', 'json', 'quiet', 'dry-run'],
  },
  examples: [],
};

/**
 * Gives a command’s help pages of at most a screen: `--help` has the usual options, `--help TOPIC` the others.
 *
 * @param script the npm script that started this process
 */
export function helpInPages(
  command: Command,
  { usual, topics, examples }: HelpPages,
  script: string | undefined,
): void {
  const topicOf = (shown: Command): readonly string[] | undefined => topics[wordAfterHelp(shown)];
  const rows = examples.map(([words, what]) => [typed(script, words), what] as const);
  const column =
    2 + Math.max(0, ...rows.flatMap(([line, what]) => (what === undefined ? [] : [line.length])));
  const lines = rows.map(([line, what]) => `  ${what === undefined ? line : line.padEnd(column) + what}`);
  const exampleLines = lines.length === 0 ? [] : ['', 'Examples:', ...lines];
  command
    .configureHelp({
      ...command.configureHelp(),
      // `visibleOptions` itself stays as it is: commander’s suggestions for a typo come from it.
      formatHelp: (shown, help) => {
        const options = named(help.visibleOptions(shown), topicOf(shown) ?? usual);
        const page = Object.assign(new Help(), help, { visibleOptions: () => options });
        return Help.prototype.formatHelp.call(page, shown, page);
      },
    })
    .addHelpText('after', ({ command: shown }) =>
      [
        ...(topicOf(shown) === undefined ? exampleLines : []),
        '',
        `More options: ${typed(script, [command.name(), '--help'])} ${Object.keys(topics).join('|')}`,
      ].join('\n'),
    );
}

/** The command has its command line by the time that help is asked for. */
function wordAfterHelp({ args }: Command): string {
  return args[args.findIndex((word) => word === '--help' || word === '-h') + 1] ?? '';
}

/** In the order of `names`. */
function named(all: readonly Option[], names: readonly string[]): Option[] {
  return names.flatMap((name) => all.filter((option) => option.name() === name));
}

/** That an option is off unless it is given goes without saying. */
export function withoutOff(option: Option): string {
  return new Help().optionDescription(option).replace(/ \(default: false\)$/, '');
}
