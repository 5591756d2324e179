import { EXIT } from '../exit-codes.ts';
import { print, say, type VerbContext } from '../verb-context.ts';

/** `restore`: restores what killed runs left. @returns 3 where something could not be restored */
export async function restoreVerb(context: VerbContext): Promise<number> {
  const { restored, left } = await context.restoreLeftovers(new AbortController().signal);
  for (const line of restored) print(context, `restored ${line}`);
  for (const line of left) say(context, line);
  if (restored.length + left.length === 0) print(context, 'nothing to restore');
  return left.length === 0 ? EXIT.ok : EXIT.left;
}
