import type { Remedy } from '../../remedy/remedy.ts';
import type { RemedyStatus } from '../../schema/statuses.ts';
import type { Verdict } from '../../schema/verdict.ts';

/** What one may predict, by its key. */
const KEYS: Readonly<Record<string, RemedyStatus>> = {
  c: 'cured',
  p: 'postponed',
  r: 'reduced',
  n: 'no-effect',
  w: 'worse',
};
const HELP = Object.entries(KEYS)
  .map(([key, status]) => `${key} ${status}`)
  .join(', ');

/** A user's predictions, by remedy. */
type Predictions = ReadonlyMap<string, RemedyStatus>;

/**
 * Asks for the result of each remedy.
 *
 * @param lines what the user types; where they end, the rest is not predicted
 */
export async function askPredictions(
  remedies: readonly Pick<Remedy, 'name' | 'summary'>[],
  lines: AsyncIterator<string>,
  print: (line: string) => void,
): Promise<Predictions> {
  const predicted = new Map<string, RemedyStatus>();
  if (remedies.length > 0) print(`What will each remedy do? ${HELP}`);
  for (const { name, summary } of remedies) {
    print(`${name}: ${summary}`);
    const status = await answer(lines, print);
    if (status === undefined) break;
    predicted.set(name, status);
  }
  return predicted;
}

async function answer(
  lines: AsyncIterator<string>,
  print: (line: string) => void,
): Promise<RemedyStatus | undefined> {
  for (;;) {
    const next = await lines.next();
    if (next.done === true) return undefined;
    const typed = next.value.trim();
    const status = KEYS[typed] ?? Object.values(KEYS).find((each) => each === typed);
    if (status !== undefined) return status;
    print(`${JSON.stringify(typed)} is not a result; use ${HELP}`);
  }
}

/** A row a remedy: what was predicted, and what it did. */
export function comparedLines(
  predicted: Predictions,
  { remedies }: Pick<Verdict, 'remedies'>,
): readonly string[] {
  const judged = remedies.filter(({ status }) => status !== 'skipped' && status !== 'inconclusive');
  const guessed = judged.filter(({ name }) => predicted.has(name));
  const right = guessed.filter(({ name, status }) => predicted.get(name) === status);
  const width = Math.max(0, ...guessed.map(({ name }) => name.length));
  return [
    `You predicted ${String(right.length)} of ${String(guessed.length)} results.`,
    ...guessed
      .filter((each) => !right.includes(each))
      .map(({ name, status }) => `  ${name.padEnd(width)}  ${status}, not ${predicted.get(name) ?? ''}`),
  ];
}
