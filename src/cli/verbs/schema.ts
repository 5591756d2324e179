import { verdictJsonSchema } from '../../report/schema.ts';
import { printJson, type World } from '../world.ts';

/** `schema`: the JSON Schema of a verdict. */
export function schemaVerb(world: World): number {
  printJson(world, verdictJsonSchema());
  return 0;
}
