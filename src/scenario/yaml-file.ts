import type { z } from 'zod';
import { explainIssue, problemsFrom } from './explain-issue.ts';
import { linesOn, NoScenario, onOneLine, type Located } from './located.ts';
import { readYaml, type ReadYaml } from './yaml-text.ts';

/** The value of a YAML file, with the positions of its parts. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  readonly positionOf: Located['at'];
  readonly lineOf: ReadYaml['lineOf'];
}

/**
 * @param file its name, for messages
 * @param example the command that writes an example; absent: the file may be empty
 * @throws NoScenario naming the file, the place and the fix
 */
export function yamlFile(text: string, file: string, example?: string): YamlFile {
  const { value, faults, positionOf, lineOf } = readYaml(text);
  if (faults.length > 0) throw new NoScenario(faults.map(({ at, why }) => onOneLine(`${file}${at}: ${why}`)));
  if (example !== undefined && (value === null || value === undefined))
    throw new NoScenario([`${file}:1:1: it is empty; \`${example}\` writes an example`]);
  return { file, value, positionOf, lineOf };
}

/** The value by its schema. @throws NoScenario: one line per problem, with file, place and fix */
export function parsedBy<S extends z.ZodType>(schema: S, { file, value, positionOf }: YamlFile): z.infer<S> {
  const parsed = schema.safeParse(value, { error: explainIssue });
  if (!parsed.success) throw new NoScenario(linesOn(file, positionOf, problemsFrom(parsed.error)));
  return parsed.data;
}
