import { EXIT } from '../exit-codes.ts';
import { print, say, type World } from '../world.ts';

/** `restore`: restores what killed runs left. @returns 3 where something could not be restored */
export async function restoreVerb(world: World): Promise<number> {
  const { restored, left } = await world.restoreLeftovers(new AbortController().signal);
  for (const line of restored) print(world, `restored ${line}`);
  for (const line of left) say(world, line);
  if (restored.length + left.length === 0) print(world, 'nothing to restore');
  return left.length === 0 ? EXIT.ok : EXIT.left;
}
