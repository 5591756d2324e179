import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerbContext } from '../../../src/cli/verb-context.ts';
import { verdictSchema, type Verdict } from '../../../src/schema/verdict.ts';
import { readHistory } from '../../../src/history/store.ts';
import { Cli, fakeLab, TOY, type Mishap } from './cli.ts';

interface Story {
  /** What goes otherwise than well in the lab. */
  readonly mishap?: (tablefull: Cli) => Mishap;
  /** Words after `run toy`. */
  readonly words?: readonly string[];
  readonly context?: (tablefull: Cli) => Partial<VerbContext>;
}

/** One run of the toy scenario in a fake lab, and everything it left. */
export async function run({ mishap = () => () => undefined, words = [], context = () => ({}) }: Story = {}) {
  const deeds: string[] = [];
  using tablefull = new Cli((cli) => ({
    labs: [fakeLab(mishap(cli), deeds)],
    scenarios: [TOY],
    ...context(cli),
  }));
  const out = join(tablefull.folder, 'run');
  const result = await tablefull.run('run', 'toy', '--out', out, ...words);
  const there = existsSync(join(out, 'verdict.json'));
  return {
    ...result,
    deeds,
    files: existsSync(out) ? readdirSync(out).toSorted() : [],
    history: there ? await readHistory(out) : [],
    verdict: there
      ? verdictSchema.parse(JSON.parse(readFileSync(join(out, 'verdict.json'), 'utf8')))
      : undefined,
  };
}

/** By name. */
export const statuses = (verdict: Verdict | undefined): Record<string, string> =>
  Object.fromEntries([
    ['symptom', verdict?.symptom.status],
    ...(verdict?.remedies ?? []).map(({ name, status }) => [name, status]),
  ]) as Record<string, string>;

/** A signal that arrives when the lab is about to do something. */
export const interruptAt =
  (deed: string, name: NodeJS.Signals) =>
  (tablefull: Cli): Mishap =>
  (now) => {
    if (now === deed) tablefull.signals.emit(name, name);
  };
