import { dirname, resolve } from 'node:path';
import { canonical } from './canonical.ts';
import { NoProtocol, type Scenario } from './define.ts';
import { equipped } from './k6.ts';
import { explainIssue, problemsFrom } from './explain-issue.ts';
import { linesOn, NoScenario, onOneLine, type Located } from './located.ts';
import { extended } from './extension.ts';
import { extensionSchema, scenarioFileSchema } from '../schema/scenario-file.ts';
import { readYaml } from './yaml-text.ts';

/**
 * Parses a scenario from YAML.
 *
 * @param file its name, for messages
 * @param bases the scenarios that it may extend
 * @throws NoScenario
 */
export function scenarioFromYaml(text: string, file: string, bases: readonly Scenario[] = []): Located {
  const { value, faults, positionOf } = readYaml(text.replace(/^\uFEFF/, ''));
  if (faults.length > 0) throw new NoScenario(faults.map(({ at, why }) => onOneLine(`${file}${at}: ${why}`)));
  if (value === null || value === undefined)
    throw new NoScenario([`${file}:1:1: it is empty; \`tablefull init\` writes an example`]);
  if (typeof value === 'object' && 'extends' in value) {
    const extension = extensionSchema.safeParse(value, { error: explainIssue });
    if (!extension.success) throw new NoScenario(linesOn(file, positionOf, problemsFrom(extension.error)));
    return extended({ file, parsed: extension.data, positionOf }, bases);
  }
  const parsed = scenarioFileSchema.safeParse(value, { error: explainIssue });
  if (!parsed.success) throw new NoScenario(linesOn(file, positionOf, problemsFrom(parsed.error)));
  const { name, summary, ...rest } = parsed.data;
  const written = canonical(rest);
  const protocol: Scenario['protocol'] = (_, environment) => {
    const made = equipped(written, environment, dirname(resolve(file)));
    if ('problems' in made) throw new NoProtocol(name, made.problems);
    return made.protocol;
  };
  return { scenario: { name, summary, params: {}, matrix: [{}], protocol }, at: positionOf };
}
