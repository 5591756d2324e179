import { kernelSysctls } from '../../guard/sysctls.ts';
import { givenSysctl } from '../../remedy/given-sysctl.ts';
import { ownRemedies } from '../../remedy/own.ts';
import { raiseMaxTo } from '../../remedy/raise-max.ts';
import type { Remedy } from '../../remedy/remedy.ts';
import type { RemedyStatus } from '../../schema/statuses.ts';
import type { Protocol } from '../../schema/protocol.ts';
import { suggestion } from '../../util/nearest.ts';
import type { LabOfManifest } from '../../manifest/effect.ts';
import { isFile, remedyFromPath } from './remedy-files.ts';
import { OptionError } from '../../util/option-error.ts';

/** `--remedy none`: the symptom alone. */
const NO_REMEDY = 'none';

/** The remedies of a run, and the statuses that remedy files expect. */
interface Given {
  readonly remedies: readonly Remedy[];
  readonly expected: Readonly<Record<string, RemedyStatus>>;
}

/**
 * The remedies of `--remedy`: names, `raise-max-to-N`, `sysctl:NAME=VALUE`, or paths: of a YAML file
 * with a remedy, of a Kubernetes manifest, of a folder of manifests. Default: the scenario's.
 *
 * @param known the built-in remedies
 * @param lab what a manifest is translated for
 * @throws Error in one line with the fix
 */
export function givenRemedies(
  names: readonly string[] | undefined,
  protocol: Protocol,
  known: readonly Remedy[],
  lab: LabOfManifest = { cluster: false, squeeze: 'ballast' },
): Given {
  if (names?.includes(NO_REMEDY) === true) {
    if (names.length === 1) return { remedies: [], expected: {} };
    throw new OptionError(
      `--remedy ${names.join(',')}`,
      `${NO_REMEDY} means the symptom alone; use it without other names`,
    );
  }
  const there = [...ownRemedies(protocol), ...known];
  const wanted = names ?? [...Object.keys(protocol.remedies), ...Object.keys(protocol.ownRemedies)];
  const given = [...new Set(wanted)].map((name) => {
    if (isFile(name)) return remedyFromPath(name, { protocol, known, lab });
    const remedy =
      there.find((each) => each.name === name) ??
      raiseMaxTo(name, machineMax) ??
      givenSysctl(name, machineMax);
    if (remedy !== undefined) return { remedy };
    const all = [...there.map((each) => each.name), NO_REMEDY];
    throw new OptionError(`--remedy ${name}`, `unknown remedy; ${suggestion(name, all)}`);
  });
  checkNames(given.map(({ remedy }) => remedy.name));
  const expected = given.flatMap((each) =>
    'expected' in each ? [[each.remedy.name, each.expected] as const] : [],
  );
  return { remedies: given.map(({ remedy }) => remedy), expected: Object.fromEntries(expected) };
}

/** @throws Error where two remedies have one name, by which a run tells them apart */
export function checkNames(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new OptionError(
      '--remedy',
      `two remedies are named ${twice}; a file’s name is its remedy’s: rename the file`,
    );
}

function machineMax(): number {
  return kernelSysctls.read('nf_conntrack_max');
}
