import { EXIT } from '../exit-codes.ts';
import { print, say, type World } from '../world.ts';

/** `restore`: puts back what a killed run has left. @returns 3 where something could not be put back */
export async function restoreVerb(world: World): Promise<number> {
  const { restored, left } = await world.restoreLeftovers(new AbortController().signal);
  for (const line of restored) print(world, `restored ${line}`);
  for (const line of left) say(world, line);
  if (restored.length + left.length === 0) print(world, 'nothing is left to restore');
  return left.length === 0 ? EXIT.ok : EXIT.left;
}
