import { manifestLines } from '../judge/manifest.ts';
import type { RemedyVerdict } from '../schema/verdict.ts';
import { wrap } from './layout.ts';

/** Lines of a manifest on the screen; verdict.json has all. */
const MOST = 6;
const INDENT = '    ';

/** What was made of a manifest, below its remedy's row. */
export function manifestBlock({ name, manifest }: RemedyVerdict, width: number): readonly string[] {
  if (manifest === undefined) return [];
  const all = manifestLines(manifest);
  // One line more takes no more room than the words that stand for it.
  const shown = all.length <= MOST + 1 ? all : all.slice(0, MOST);
  const more = all.length - shown.length;
  return [
    ...shown,
    ...(more > 0 ? [`and ${String(more)} lines more of ${name}: see verdict.json`] : []),
  ].flatMap((line) => wrap(line, width, INDENT));
}
