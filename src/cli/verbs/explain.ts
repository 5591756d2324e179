import { relative } from 'node:path';
import { CONNTRACK_COUNTERS } from '../../schema/history.ts';
import type { Remedy } from '../../remedy/remedy.ts';
import { painter } from '../../report/layout.ts';
import { asTyped } from '../../report/rerun.ts';
import { renderMarkdown } from '../../report/render-markdown.ts';
import type { Scenario } from '../../scenario/define.ts';
import type { Protocol } from '../../schema/protocol.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import { nearest } from '../../util/nearest.ts';
import { environmentOf } from '../request/environment.ts';
import { explainedWords, explainWord } from '../screen/explain-words.ts';
import { npmScript, typedHere } from '../npm/npm-script.ts';
import { showPaged } from '../screen/pager.ts';
import { manifestOf, PAGE_KINDS, readPage, symptomsPage, type PageKind } from '../screen/pages.ts';
import type { VerbContext } from '../verb-context.ts';
import { formatTerm, parseExpectation } from '../../schema/expectation.ts';

/** Something with a page. */
interface Subject {
  readonly kind: PageKind;
  readonly name: string;
  readonly summary: string;
  /** Makes Markdown about this version on this machine. */
  readonly live: () => string;
}

const SYMPTOMS = 'symptoms';

/**
 * `explain WORD`: renders the page on a scenario, a remedy or a counter, the table of symptoms, or what a
 * word of a verdict means; without a word, lists the pages.
 */
export function explainVerb(words: readonly string[], context: VerbContext): number {
  const subjects = subjectsOf(context);
  const { stdout } = context;
  const asked = words.join(' ');
  const markdown = asked === '' ? contents(subjects) : pageOn(asked, subjects);
  const text = asTyped(npmScript(context.env), markdown);
  showPaged(context, renderMarkdown(text, stdout.columns ?? 80, painter(stdout)));
  return EXIT.ok;
}

/** @throws UsageError where nothing is known of it */
function pageOn(asked: string, subjects: readonly Subject[]): string {
  const known = subjectPage(asked, subjects);
  if (known !== undefined) return known;
  const word = explainWord(asked);
  if (word === undefined) throw new UsageError(unknown(asked, subjects));
  if (word.see === undefined) return word.page;
  return subjectPage(word.see, subjects) ?? explainWord(word.see)?.page ?? word.page;
}

function subjectPage(asked: string, subjects: readonly Subject[]): string | undefined {
  const name = asked.toLowerCase();
  if (name === SYMPTOMS) return symptomsPage();
  const found = subjects.filter((subject) => subject.name === name);
  if (found.length === 0) return undefined;
  return found
    .map(
      ({ kind, live }) => `${readPage(kind, name) ?? `# ${name}\n\nThere is no page on it yet.`}\n${live()}`,
    )
    .join('\n\n');
}

function unknown(name: string, subjects: readonly Subject[]): string {
  const near = nearest(name.toLowerCase(), [
    ...subjects.map((subject) => subject.name),
    SYMPTOMS,
    ...explainedWords().map((word) => word.name),
  ]);
  const fix = near === undefined ? '`tablefull explain` lists the pages' : `did you mean ${near}?`;
  return `unknown page ${name}; ${fix}`;
}

function contents(subjects: readonly Subject[]): string {
  const sections = PAGE_KINDS.map((kind) => {
    const items = subjects.filter((subject) => subject.kind === kind).map(nameAndSummary);
    return `## ${kind}\n\n${items.join('\n')}`;
  });
  return [
    '`tablefull explain NAME` prints the page on one of these, `tablefull explain symptoms` which of them fits what you see. It knows every word of a verdict, too: statuses, phases, figures, sysctls.',
    ...sections,
  ].join('\n\n');
}

function nameAndSummary({ name, summary }: Subject): string {
  return `- \`${name}\`${summary === '' ? '' : `: ${summary}`}`;
}

function firstSentence(page: string): string {
  return /^## .*\n\n(?<text>[^]*?)[.:]\s/m.exec(page)?.groups?.text?.replaceAll('\n', ' ') ?? '';
}

interface Known {
  readonly scenario: Scenario;
  /** With default parameters, on this machine. */
  readonly protocol: Protocol;
}

/** All subjects, in the order of the registries. */
function subjectsOf(context: VerbContext): readonly Subject[] {
  const environment = environmentOf('ballast', context);
  const knownOf = (scenario: Scenario): Known => ({ scenario, protocol: scenario.protocol({}, environment) });
  // Of one page at most: all protocols take longer than the rest of the command.
  const known = (): readonly Known[] => context.scenarios.map(knownOf);
  const kernel = environment.kernel.join('.');
  return [
    ...context.scenarios.map((scenario) => ({
      kind: 'scenarios' as const,
      name: scenario.name,
      summary: scenario.summary,
      live: () => ofScenario(knownOf(scenario), kernel, context),
    })),
    ...context.remedies.map((remedy) => ({
      kind: 'remedies' as const,
      name: remedy.name,
      summary: remedy.summary,
      live: () => ofRemedy(remedy, known(), kernel),
    })),
    ...CONNTRACK_COUNTERS.map((name) => ({
      kind: 'counters' as const,
      name,
      summary: firstSentence(readPage('counters', name) ?? ''),
      live: () => ofCounter(name, known()),
    })),
  ];
}

function ofScenario({ scenario, protocol }: Known, kernel: string, context: VerbContext): string {
  const params = Object.entries(scenario.params).map(
    ([name, { values, summary }]) => `- \`--param ${name}=${values.join('|')}\`: ${summary}`,
  );
  const own = Object.entries(protocol.ownRemedies).map(([name, { expected }]) => [name, expected] as const);
  const remedies = [...Object.entries(protocol.remedies), ...own].map(
    ([name, status]) => `- \`${name}\`: ${status}`,
  );
  return [
    '## Run it',
    codeBlock(typedHere(context, 'run', scenario.name)),
    params.join('\n'),
    `## Expected on kernel ${kernel}`,
    `The symptom: ${protocol.symptom.expected}. ${protocol.skip ?? ''}`.trim(),
    remedies.join('\n'),
  ].join('\n\n');
}

function ofRemedy(remedy: Remedy, known: readonly Known[], kernel: string): string {
  const tried = known.flatMap(({ scenario, protocol }) => {
    const status = protocol.remedies[remedy.name];
    return status === undefined ? [] : [`- \`${scenario.name}\`: ${status}`];
  });
  const needs = remedy.requires.map(({ words }) => words);
  const manifest = relative(process.cwd(), manifestOf(remedy.name));
  return [
    '## In tablefull',
    [
      `- needs: ${needs.join(' and ') || 'nothing'}`,
      ...(remedy.breaks === undefined
        ? []
        : [`- breaks: ${remedy.breaks.what}, as \`${remedy.breaks.shownBy}\` shows`]),
      `- its Kubernetes form: \`${manifest}\``,
    ].join('\n'),
    `## Expected on kernel ${kernel}`,
    tried.join('\n') || 'No scenario names it; elsewhere `no-effect` is expected.',
  ].join('\n\n');
}

/** Figures that a counter is read by, beside its own. */
const READ_BY: Readonly<Record<string, readonly string[]>> = {
  early_drop: ['evicted.'],
  invalid: ['packets.invalid'],
  clash_resolve: ['clashes.'],
};

function ofCounter(name: string, known: readonly Known[]): string {
  const begins = [`${name}.delta`, ...(READ_BY[name] ?? [])];
  const asking = (moves: boolean): readonly string[] =>
    known
      .filter(({ protocol: { symptom } }) =>
        symptom.when.map(parseExpectation).some(({ term, operator, other }) => {
          const rises = (operator === '>' || operator === '>=') && other === undefined;
          return begins.some((begin) => formatTerm(term).startsWith(begin)) && rises === moves;
        }),
      )
      .map(({ scenario }) => `- \`tablefull run ${scenario.name}\`: ${scenario.summary}`);
  const [shown, flat] = [asking(true), asking(false)];
  return [
    '## Shown by',
    shown.join('\n') ||
      `No scenario’s symptom depends on it. Every verdict has it in its JSON, as \`${name}.delta\`.`,
    ...(flat.length === 0 ? [] : ['## Does not move in', flat.join('\n')]),
  ].join('\n\n');
}

function codeBlock(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}
