import { readFileSync } from 'node:fs';
import { explainIssue, problemsFrom } from '../scenario/explain-issue.ts';
import { linesOn, NoScenario, onOneLine, type Located } from '../scenario/located.ts';
import { readYaml } from '../scenario/yaml-text.ts';
import { suiteFileSchema, type SuiteFile } from '../schema/suite-file.ts';
import { explain } from '../util/explain.ts';

/** A suite file, with the positions of its parts. */
export interface LocatedSuite {
  readonly file: string;
  readonly suite: SuiteFile;
  readonly at: Located['at'];
}

/** The suite that `tablefull test` runs without a name. */
export const STANDARD_SUITE = 'tablefull.yaml';

/** @throws NoScenario: one line per problem, with file, place and fix */
export function readSuite(file: string): LocatedSuite {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? 'there is no such file; `tablefull init --ci github` writes one' : explain(error);
    throw new NoScenario([onOneLine(`${file}: ${why}`)]);
  }
  return suiteFromYaml(text, file);
}

/** @param file its name, for messages @throws NoScenario */
export function suiteFromYaml(text: string, file: string): LocatedSuite {
  const { value, faults, positionOf } = readYaml(text.replace(/^\uFEFF/, ''));
  if (faults.length > 0) throw new NoScenario(faults.map(({ at, why }) => onOneLine(`${file}${at}: ${why}`)));
  if (value === null || value === undefined)
    throw new NoScenario([`${file}:1:1: it is empty; \`tablefull init --ci github\` writes an example`]);
  const parsed = suiteFileSchema.safeParse(value, { error: explainIssue });
  if (!parsed.success) throw new NoScenario(linesOn(file, positionOf, problemsFrom(parsed.error)));
  return { file, suite: parsed.data, at: positionOf };
}

/** Whether a YAML text is a suite rather than a scenario. */
export function isSuite(text: string): boolean {
  const { value } = readYaml(text.replace(/^\uFEFF/, ''));
  return typeof value === 'object' && value !== null && 'runs' in value;
}

/** The line of a position `:LINE:COLUMN`. */
export function lineOf(position: string): number {
  return Number(/^:(\d+)/.exec(position)?.[1] ?? 1);
}
