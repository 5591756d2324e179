import { isNamed, type Figure } from './figure.ts';
import { FIGURE_GROUPS } from './index.ts';

/**
 * The declaration of a figure by its name in a verdict, whatever load, node or phase it is of.
 *
 * @returns undefined for a figure of another version
 */
export function declaredAs(name: string): Figure | undefined {
  const all = FIGURE_GROUPS.flatMap(({ figures }) => figures);
  for (let own = name; own !== ''; own = own.includes('.') ? own.slice(own.indexOf('.') + 1) : '') {
    const found = all.find((figure) => isNamed(figure, own));
    if (found !== undefined) return found;
  }
  return undefined;
}
