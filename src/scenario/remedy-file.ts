import { basename } from 'node:path';
import { ownRemedySchema, remedyNameSchema, type OwnRemedy } from '../schema/own-remedy.ts';
import { NoScenario, type Located } from './located.ts';
import { parsedBy, yamlFile } from './yaml-file.ts';

/** A remedy from a file, with the positions of its parts. */
interface RemedyFile {
  /** The file's: `fixes/our-sysctls.yaml` is `our-sysctls`. */
  readonly name: string;
  readonly remedy: OwnRemedy;
  readonly at: Located['at'];
}

/**
 * Parses a remedy from YAML, in the format of an entry of a scenario's `ownRemedies`.
 *
 * @param file its path, for its name and for messages
 * @throws NoScenario naming the file, the place and the fix
 */
export function remedyFromYaml(text: string, file: string): RemedyFile {
  const name = basename(file).replace(/\.ya?ml$/, '');
  if (!remedyNameSchema.safeParse(name).success)
    throw new NoScenario([
      `${file}: its name becomes the remedy’s: use lower case letters, digits and dashes, such as my-fix.yaml`,
    ]);
  const yaml = yamlFile(text, file);
  return { name, remedy: parsedBy(ownRemedySchema, yaml), at: yaml.positionOf };
}
