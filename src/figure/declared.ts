import { isNamed, type Figure } from './figure.ts';
import { harness } from './harness.ts';
import { FIGURE_GROUPS } from './index.ts';

/** A figure’s declaration, and whether it is about the harness and its machine rather than the lab. */
interface Declaration {
  readonly unit: Figure['unit'];
  readonly ofHarness: boolean;
}

/**
 * The declaration of a figure by its name in a verdict, whatever load, node or phase it is of.
 *
 * @returns undefined for a figure of another version
 */
export function declaredAs(name: string): Declaration | undefined {
  for (let own = name; own !== ''; own = own.includes('.') ? own.slice(own.indexOf('.') + 1) : '') {
    for (const group of FIGURE_GROUPS) {
      const found = group.figures.find((figure) => isNamed(figure, own));
      if (found !== undefined) return { unit: found.unit, ofHarness: group === harness };
    }
  }
  return undefined;
}
