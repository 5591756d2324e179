import { z } from 'zod';
import { stageName } from './stages.ts';

/** Matches a figure that counts an outcome: `requests.outcome[(28)]`. */
const OUTCOME = /^(?<unit>[\w-]+)\.outcome\[(?<text>.*)\]$/;

/**
 * An outcome's figure up to 0.1.0: `requests.(28)`, `lookups.EAI_AGAIN`, `lookups.too late`. Names that begin
 * with an excluded word are other figures.
 */
const OLD_OUTCOME =
  /^(?<phase>(?:baseline|fault|confirm|live)\.)?(?!(?:baseline|fault|state|timeout|pods|threshold)\.)(?<unit>[\w-]+)\.(?!outcome\[)(?<text>[(A-Z].*|.* .*)$/;

/** `outcome[(28)]`: an outcome counts under its leading code, or else under its whole text. */
export function outcomeMeasure(outcome: string): string {
  return `outcome[${/^\([^)]*\)/.exec(outcome)?.[0] ?? outcome}]`;
}

/** The unit of an outcome's figure; undefined for any other figure. */
export function outcomeUnit(figure: string): string | undefined {
  return OUTCOME.exec(figure)?.groups?.unit;
}

/** The canonical name of a figure: `requests p(95.0)` becomes `requests.p(95)`. */
export function figureName(text: string): string {
  return text
    .trim()
    .replace(/^[\w-]+(?=\.)/, stageName)
    .replace(/\s*[ .]p\((\d+(?:\.\d+)?)\)$/, (_, per: string) => `.p(${String(Number(per))})`)
    .replace(OLD_OUTCOME, '$<phase>$<unit>.outcome[$<text>]');
}

/** Accepts any spelling; yields the canonical one. */
export const figureNameSchema = z.string().overwrite(figureName);
