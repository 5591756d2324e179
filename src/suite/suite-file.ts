import { readFileSync } from 'node:fs';
import { NoScenario, onOneLine, type Located } from '../scenario/located.ts';
import { parsedBy, yamlFile, type YamlFile } from '../scenario/yaml-file.ts';
import { readYaml } from '../scenario/yaml-text.ts';
import { suiteFileSchema, type SuiteFile } from '../schema/suite-file.ts';
import { explain } from '../util/error-text.ts';

/** A suite file, with the positions of its parts. */
export interface LocatedSuite {
  readonly file: string;
  readonly suite: SuiteFile;
  readonly at: Located['at'];
  readonly lineOf: YamlFile['lineOf'];
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
  const yaml = yamlFile(text, file, 'tablefull init --ci github');
  return { file, suite: parsedBy(suiteFileSchema, yaml), at: yaml.positionOf, lineOf: yaml.lineOf };
}

/** Whether a YAML text is a suite rather than a scenario. */
export function isSuite(text: string): boolean {
  const { value } = readYaml(text);
  return typeof value === 'object' && value !== null && 'runs' in value;
}
