import { dirname, resolve } from 'node:path';
import { canonical } from './canonical.ts';
import { NoProtocol, type Scenario } from './define.ts';
import { equipped } from './k6.ts';
import type { Located } from './located.ts';
import { extended } from './extension.ts';
import { extensionSchema, scenarioFileSchema } from '../schema/scenario-file.ts';
import { parsedBy, yamlFile } from './yaml-file.ts';

/**
 * Parses a scenario from YAML.
 *
 * @param file its name, for messages
 * @param bases the scenarios that it may extend
 * @throws NoScenario
 */
export function scenarioFromYaml(text: string, file: string, bases: readonly Scenario[] = []): Located {
  const yaml = yamlFile(text, file, 'tablefull init');
  const { value, positionOf } = yaml;
  if (typeof value === 'object' && value !== null && 'extends' in value)
    return extended({ file, parsed: parsedBy(extensionSchema, yaml), positionOf }, bases);
  const { name, summary, ...rest } = parsedBy(scenarioFileSchema, yaml);
  const written = canonical(rest);
  const protocol: Scenario['protocol'] = (_, environment) => {
    const made = equipped(written, environment, dirname(resolve(file)));
    if ('problems' in made) throw new NoProtocol(name, made.problems);
    return made.protocol;
  };
  return { scenario: { name, summary, params: {}, matrix: [{}], protocol }, at: positionOf };
}
