import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { manifestRemedy } from '../../manifest/as-remedy.ts';
import { isManifest, readDocuments } from '../../manifest/documents.ts';
import type { LabOfManifest } from '../../manifest/effect.ts';
import { ownRemedies } from '../../remedy/own.ts';
import type { Remedy } from '../../remedy/remedy.ts';
import { problemsIn } from '../../scenario/check.ts';
import { linesOn, NoScenario, onOneLine } from '../../scenario/located.ts';
import { remedyFromYaml } from '../../scenario/remedy-file.ts';
import { remedyNameSchema } from '../../schema/own-remedy.ts';
import type { Protocol } from '../../schema/protocol.ts';
import type { RemedyStatus } from '../../schema/statuses.ts';
import { thisKernel } from '../this-kernel.ts';
import { explain } from '../../util/error-text.ts';
import { OptionError } from '../../util/option-error.ts';
import { placeBelow } from '../../scenario/explain-issue.ts';

const FILES = /\.(ya?ml|json)$/;

interface Around {
  readonly protocol: Protocol;
  readonly known: readonly Remedy[];
  readonly lab: LabOfManifest;
}

/** Whether a remedy is given by its path. */
export function isFile(name: string): boolean {
  return name.includes('/') || FILES.test(name) || name === '.';
}

/**
 * The remedy of a path: a file with a remedy in tablefull's format, a Kubernetes manifest, or a folder of
 * manifests.
 *
 * @throws Error in one line with file, place and fix
 */
export function remedyFromPath(
  path: string,
  around: Around,
): { readonly remedy: Remedy; readonly expected?: RemedyStatus } {
  const texts = textsAt(path);
  const [only] = texts;
  if (texts.length === 1 && only !== undefined && !isManifest(only.text)) return fromYaml(only, around);
  const documents = texts.flatMap(({ file, text }) => readDocuments(text, file));
  const { protocol, lab } = around;
  const remedy = manifestRemedy({ name: nameOfPath(path), documents, lab, kernel: thisKernel() });
  refuseNothing(path, remedy, protocol);
  // Who ships a fix expects that it cures.
  return { remedy, expected: 'cured' };
}

interface FileText {
  readonly file: string;
  readonly text: string;
}

/** A file, or all YAML and JSON files of a folder, sorted by name. */
function textsAt(path: string): readonly FileText[] {
  const at = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new OptionError(`--remedy ${path}`, `${explain(error)}; name an existing file or folder`, {
        cause: error,
      });
    }
  };
  const isFolder = at(() => statSync(path)).isDirectory();
  if (!isFolder) return [{ file: path, text: at(() => readFileSync(path, 'utf8')) }];
  const names = at(() => readdirSync(path)).filter((name) => FILES.test(name));
  if (names.length === 0)
    throw new OptionError(
      `--remedy ${path}`,
      'the folder has no manifests; put .yaml, .yml or .json files there',
    );
  return names.toSorted().map((name) => {
    const file = join(path, name);
    return { file, text: at(() => readFileSync(file, 'utf8')) };
  });
}

/** Checks a file's changes against the scenario, like those of `ownRemedies`. */
function fromYaml(
  { file, text }: FileText,
  { protocol, known }: Around,
): { readonly remedy: Remedy; readonly expected: RemedyStatus } {
  const { name, remedy, at } = remedyFromYaml(text, file);
  const tried = { ...protocol, ownRemedies: { [name]: remedy } };
  const names = known.map((each) => each.name);
  const problems = problemsIn(tried, names).flatMap((problem) => {
    const place = placeBelow(`ownRemedies.${name}`, problem.place);
    return place === undefined ? [] : [{ ...problem, place }];
  });
  if (problems.length > 0) throw new NoScenario(linesOn(file, at, problems));
  const [own] = ownRemedies(tried);
  if (own === undefined) throw new Error(`${file}: it has no remedy`);
  return { remedy: own, expected: remedy.expected };
}

/** The remedy’s name. @throws Error where it can’t be one */
export function nameOfPath(path: string): string {
  const name = basename(resolve(path)).replace(FILES, '');
  if (!remedyNameSchema.safeParse(name).success)
    throw new OptionError(
      onOneLine(`--remedy ${path}`),
      'its name becomes the remedy’s: use lower case letters, digits and dashes, such as my-fix.yaml',
    );
  return name;
}

/** @throws Error where nothing of a manifest has an effect in this lab, and nothing is wrong with it either */
function refuseNothing(path: string, { manifest, changes, requires }: Remedy, protocol: Protocol): void {
  const report = manifest?.(protocol);
  if (report === undefined || changes(protocol).length > 0) return;
  if (report.lines.length > 0 || report.findings.length > 0) return;
  // A remedy for another kind of demand is skipped with its reason, as a built-in one is.
  const setting = { protocol, privileged: true, exists: () => true };
  if (requires.some(({ whyNot }) => whyNot(setting) !== undefined)) return;
  const [first = 'nothing in it changes a node, pods’ DNS, kube-proxy or CoreDNS', ...more] = report.gaps;
  const others = more.length === 0 ? '' : ` (and ${String(more.length)} more)`;
  throw new OptionError(
    onOneLine(`--remedy ${path}`),
    onOneLine(`nothing of it has an effect in this lab: ${first}${others}`),
  );
}
