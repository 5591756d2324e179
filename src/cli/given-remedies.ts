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

/** The remedies of a run, and the statuses that remedy files expect. */
export interface Given {
  readonly remedies: readonly Remedy[];
  readonly expected: Readonly<Record<string, RemedyStatus>>;
}

/**
 * The remedies of `--remedy`: names, `raise-max-to-N`, `sysctl:NAME=VALUE`, or paths of YAML files. Default:
 * the scenario's.
 *
 * @param known the built-in remedies
 * @throws Error in one line with the fix
 */
export function givenRemedies(
  names: readonly string[] | undefined,
  protocol: Protocol,
  known: readonly Remedy[],
): Given {
  if (names?.includes(NO_REMEDY) === true) {
    if (names.length === 1) return { remedies: [], expected: {} };
    throw new Error(
      `--remedy ${names.join(',')}: ${NO_REMEDY} means the symptom alone; use it without other names`,
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
    throw new Error(`--remedy ${name}: unknown remedy; ${suggestion(name, all)}`);
  });
  const expected = given.flatMap((each) =>
    'expected' in each ? [[each.remedy.name, each.expected] as const] : [],
  );
  return { remedies: given.map(({ remedy }) => remedy), expected: Object.fromEntries(expected) };
}

function isFile(name: string): boolean {
  return name.includes('/') || /\.ya?ml$/.test(name);
}

/** Checks a file's changes against the scenario, like those of `ownRemedies`. */
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
  if (own === undefined) throw new Error(`${file}: it has no remedy`);
  return { remedy: own, expected: remedy.expected };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`--remedy ${file}: ${explain(error)}; name an existing file`, { cause: error });
  }
}

function atOption<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`--remedy ${error instanceof Error ? error.message : name}`, { cause: error });
  }
}

function machineMax(): number {
  return Number(readSysctl('net.netfilter.nf_conntrack_max'));
}
