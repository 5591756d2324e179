import { count } from '../judge/words.ts';
import { cut, wrap, type Paint } from '../report/layout.ts';
import { KEYS, type Choice, type Gauge, type Input, type PlayState, type Shown } from './state.ts';

/** What is played, for the first line. */
export interface About {
  readonly scenario: string;
  readonly summary: string;
  readonly node: string;
}

/** Statuses whose reason is the account, which is shown already. */
const BY_ACCOUNT: readonly Shown['status'][] = ['reproduced', 'no-effect'];

const PLAIN: Paint = (_, text) => text;

/** The result of an offer: what stood, the account, and the judge’s word. At most four lines at 80 columns. */
export function offerLines(
  { number, applied, fresh, account, invalid, status, reason }: Shown,
  columns = 80,
  paint: Paint = PLAIN,
): readonly string[] {
  const stood = applied.length === 0 ? 'no remedy' : applied.join(' + ');
  const table = fresh ? 'a fresh table' : 'the table as it was';
  const first = `#${String(number)} ${paint('bold', stood)}, on ${table}: ${account}`;
  const word =
    invalid !== undefined
      ? `nothing follows from it: ${invalid}`
      : status === undefined
        ? reason
        : `${paint('bold', status)}${reason === undefined || BY_ACCOUNT.includes(status) ? '' : `: ${reason}`}`;
  const lines = [first, ...(word === undefined ? [] : [word])];
  return lines.flatMap((line) =>
    wrap(line, columns - 3, '').map((text, i) => (i === 0 && line === first ? text : `   ${text}`)),
  );
}

/** What an input is answered by in line mode. */
export function answerLines(state: PlayState, input: Input): readonly string[] {
  switch (input.type) {
    case 'gauge':
      return [];
    case 'command':
      return state.busy === undefined && state.message !== '' ? [state.message] : [];
    case 'failed':
      return [state.message];
    case 'done': {
      const { effect, shown } = input;
      if (effect.type === 'quit') return [];
      return shown === undefined ? [state.message] : offerLines(shown);
    }
  }
}

/** The first lines in line mode: the remedies and the commands. */
export function openingLines(state: PlayState, about: About): readonly string[] {
  return [
    `${about.scenario}: ${about.summary}`,
    ...state.choices.map((choice, i) => choiceLine(choice, i, 80, PLAIN)),
    KEYS_LINE,
    state.message,
  ];
}

const KEYS_LINE = 'q quit   r offer the demand   f refill the table   1-9 apply/undo   s shell';

/** The whole screen; at 80×24 it fits. Every line is shorter than the terminal is wide: one that fills it can’t be patched. */
export function screenOf(
  state: PlayState,
  about: About,
  { columns: wide, rows }: { readonly columns: number; readonly rows: number },
  paint: Paint,
): string {
  const columns = wide - 1;
  const top = [
    cut(`${about.scenario}: ${about.summary}`, columns),
    gaugeLine(about.node, state.gauge, columns, paint),
    '',
    ...state.choices.slice(0, KEYS).map((choice, i) => choiceLine(choice, i, columns, paint)),
    '',
  ];
  const note = state.busy === undefined ? state.message : `${state.busy} …`;
  const bottom = ['', ...wrap(note, columns, '').slice(0, 2), paint('dim', cut(KEYS_LINE, columns))];
  const room = Math.max(0, rows - 1 - top.length - bottom.length);
  const middle = state.shown.flatMap((shown) => offerLines(shown, columns, paint)).slice(0, room);
  // Always as high, and no line empty: log-update 7 patches lines in place, and loses count at an empty one.
  const blank = Array.from({ length: room - middle.length }, () => '');
  return [...top, ...middle, ...blank, ...bottom].map((line) => (line === '' ? ' ' : line)).join('\n');
}

const BAR = 24;

function gaugeLine(node: string, gauge: Gauge | undefined, columns: number, paint: Paint): string {
  if (gauge === undefined) return `${node}: table not read yet`;
  const { entries, limit, drop } = gauge;
  const filled = limit > 0 ? Math.min(BAR, Math.round((entries / limit) * BAR)) : 0;
  const colour = entries >= limit ? 'red' : entries >= 0.95 * limit ? 'yellow' : 'green';
  const bar = `${paint(colour, '█'.repeat(filled))}${'░'.repeat(BAR - filled)}`;
  const text = `${count(entries)} of ${count(limit)} entries, drop ${count(drop)}`;
  return columns >= node.length + BAR + text.length + 2 ? `${node} ${bar} ${text}` : `${node} ${text}`;
}

function choiceLine({ name, summary, applied }: Choice, i: number, columns: number, paint: Paint): string {
  const line = `${String(i + 1)} ${applied ? '●' : ' '} ${name.padEnd(18)} ${summary}`;
  const text = cut(line, columns);
  return applied ? paint('green', text) : text;
}
