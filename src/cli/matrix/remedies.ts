import type { LabOfManifest } from '../../manifest/effect.ts';
import type { Given, GivenOf } from '../../matrix/given.ts';
import { ownRemedies } from '../../remedy/own.ts';
import type { Remedy } from '../../remedy/remedy.ts';
import { checkNames, givenRemedies } from '../request/given-remedies.ts';
import { isFile, nameOfPath } from '../request/remedy-files.ts';
import { oneLine } from '../../util/error-text.ts';

/**
 * The remedies of a matrix’ `--remedy`, by row: as `run` understands each.
 *
 * @param words undefined: those of the registry and of the scenarios
 * @throws Error where two have one name
 */
export function matrixRemedies(
  words: readonly string[] | undefined,
  known: readonly Remedy[],
  lab: LabOfManifest,
): GivenOf | undefined {
  if (words === undefined) return undefined;
  const all = [...new Set(words)].map((written) => ({
    written,
    name: isFile(written) ? nameOfPath(written) : written,
  }));
  checkNames(all.map(({ name }) => name));
  return (protocol) => {
    const names = [...known, ...ownRemedies(protocol)].map(({ name }) => name);
    return all.flatMap(({ written, name }): readonly Given[] => {
      const common = { written, name, known: names.includes(name) };
      try {
        const { remedies, expected } = givenRemedies([written], protocol, known, lab);
        return remedies.map((found) => ({ ...common, found, expected: expected[name] }));
      } catch (error) {
        return [{ ...common, found: { reason: oneLine(error) } }];
      }
    });
  };
}
