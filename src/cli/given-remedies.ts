import { readFileSync } from 'node:fs';
import { readSysctl } from '../kernel/sysctl.ts';
import { givenSysctl } from '../remedy/given-sysctl.ts';
import { ownRemedies } from '../remedy/own.ts';
import { raiseMaxTo } from '../remedy/raise-max.ts';
import type { Remedy } from '../remedy/remedy.ts';
import { problemsIn } from '../scenario/check.ts';
import { linesOn, NoScenario } from '../scenario/located.ts';
import { remedyFromYaml } from '../scenario/remedy-file.ts';
import type { RemedyStatus } from '../schema/statuses.ts';
import type { Protocol } from '../schema/protocol.ts';
import { explain } from '../util/explain.ts';
import { suggestion } from '../util/nearest.ts';

/** `--remedy none`: the symptom alone. */
const NO_REMEDY = 'none';

/** What a run is to try, and what is expected of those that say so themselves. */
export interface Given {
  readonly remedies: readonly Remedy[];
  readonly expected: Readonly<Record<string, RemedyStatus>>;
}

/**
 * The remedies of `--remedy`, or else the scenario's own: by name, `raise-max-to-N`, `sysctl:NAME=VALUE`, or the path of a
 * YAML file.
 *
 * @param known the remedies that come with tablefull
 * @throws Error in one line that names what is wrong, and the fix
 */
export function givenRemedies(
  names: readonly string[] | undefined,
  protocol: Protocol,
  known: readonly Remedy[],
): Given {
  if (names?.includes(NO_REMEDY) === true) {
    if (names.length === 1) return { remedies: [], expected: {} };
    throw new Error(
      `--remedy ${names.join(',')}: ${NO_REMEDY} stands for the symptom alone; name it alone, or leave it out`,
    );
  }
  const there = [...ownRemedies(protocol), ...known];
  const wanted = names ?? [...Object.keys(protocol.remedies), ...Object.keys(protocol.ownRemedies)];
  const given = [...new Set(wanted)].map((name) => {
    if (isFile(name)) return fromFile(name, protocol, known);
    const remedy =
      there.find((each) => each.name === name) ??
      raiseMaxTo(name, machineMax) ??
      atOption(name, () => givenSysctl(name, machineMax));
    if (remedy !== undefined) return { remedy };
    const all = [...there.map((each) => each.name), NO_REMEDY];
    throw new Error(`--remedy ${name}: there is no such remedy; ${suggestion(name, all)}`);
  });
  const expected = given.flatMap((each) =>
    'expected' in each ? [[each.remedy.name, each.expected] as const] : [],
  );
  return { remedies: given.map(({ remedy }) => remedy), expected: Object.fromEntries(expected) };
}

function isFile(name: string): boolean {
  return name.includes('/') || /\.ya?ml$/.test(name);
}

/** Its changes are checked against the scenario, as those of a scenario's own remedies are. */
function fromFile(
  file: string,
  protocol: Protocol,
  known: readonly Remedy[],
): { readonly remedy: Remedy; readonly expected: RemedyStatus } {
  const { name, remedy, at } = remedyFromYaml(read(file), file);
  const tried = { ...protocol, ownRemedies: { [name]: remedy } };
  const place = `ownRemedies.${name}.`;
  const names = known.map((each) => each.name);
  const problems = problemsIn(tried, names)
    .filter((problem) => problem.place.startsWith(place) || problem.place === `ownRemedies.${name}`)
    .map((problem) => ({ ...problem, place: problem.place.slice(place.length) }));
  if (problems.length > 0) throw new NoScenario(linesOn(file, at, problems));
  const [own] = ownRemedies(tried);
  if (own === undefined) throw new Error(`${file}: it holds no remedy`);
  return { remedy: own, expected: remedy.expected };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`--remedy ${file}: ${explain(error)}; name a file that is there`, { cause: error });
  }
}

function atOption<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`--remedy ${error instanceof Error ? error.message : name}`, { cause: error });
  }
}

/** Read only where a remedy has a maximum in it. */
function machineMax(): number {
  return Number(readSysctl('net.netfilter.nf_conntrack_max'));
}
