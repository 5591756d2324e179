import { extname } from 'node:path';
import { runsOf } from '../change/index.ts';
import { kindOf } from '../load/index.ts';
import type { Remedy } from '../remedy/remedy.ts';
import { changesIn } from '../scenario/changes-in.ts';
import { isPath, MODULE_ENDINGS } from '../scenario/loader.ts';
import { linesOn, onOneLine, type Located } from '../scenario/located.ts';
import type { Problem } from '../scenario/explain-issue.ts';
import { loadsIn, type Protocol } from '../schema/protocol.ts';

/** Why `--no-commands` refuses a scenario file before it is loaded: loading a module runs it. */
export function moduleRefused(file: string): string | undefined {
  return MODULE_ENDINGS.includes(extname(file))
    ? `${file}: a module is a program: refused by --no-commands; write the scenario in YAML`
    : undefined;
}

/** The programs that a scenario brings, and where. */
function programsOf(protocol: Protocol): readonly Problem[] {
  return [
    ...loadsIn(protocol).map(([place, load]) => ({ place, why: kindOf(load).runs(load) })),
    ...changesIn(protocol).map(({ place, change }) => ({ place, why: runsOf(change) })),
  ].flatMap(({ place, why }) => (why === undefined ? [] : [{ place, why: `it runs ${why}` }]));
}

/** What a run was given, as far as it may bring programs. */
interface Given {
  readonly named: string;
  readonly at: Located['at'];
  readonly protocol: Protocol;
  readonly remedies: readonly Remedy[];
  /** The names of built-in remedies. */
  readonly known: readonly string[];
}

/** The programs that the files of a run bring, a line each with its place. What comes with tablefull is not named. */
export function broughtBy(given: Given): readonly string[] {
  return [...broughtByScenario(given), ...broughtByRemedies(given)];
}

export function broughtByScenario({
  named,
  at,
  protocol,
}: Pick<Given, 'named' | 'at' | 'protocol'>): readonly string[] {
  return isPath(named) ? linesOn(named, at, programsOf(protocol)).map(onOneLine) : [];
}

export function broughtByRemedies({
  protocol,
  remedies,
  known,
}: Pick<Given, 'protocol' | 'remedies' | 'known'>): readonly string[] {
  return remedies
    .filter(({ name }) => !known.includes(name) && !(name in protocol.ownRemedies))
    .flatMap(({ name, changes }) =>
      changes(protocol).flatMap((change) => {
        const runs = runsOf(change);
        return runs === undefined ? [] : [onOneLine(`the remedy ${name}: it runs ${runs}`)];
      }),
    );
}

/** @throws Error in one line where files bring programs that `--no-commands` refuses */
export function refuseBrought([first, ...more]: readonly string[]): void {
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` (and ${String(more.length)} more)`;
  throw new Error(`${first}${others}: refused by --no-commands`);
}
