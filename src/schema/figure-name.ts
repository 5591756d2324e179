import { z } from 'zod';
import { figureOfToday } from './old-names.ts';

/** Matches a figure that counts an outcome: `requests.outcome[(28)]`. */
const OUTCOME = /^(?<unit>[\w-]+)\.outcome\[(?<text>.*)\]$/;

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
  const name = text
    .trim()
    .replace(/\s*[ .]p\((\d+(?:\.\d+)?)\)$/, (_, per: string) => `.p(${String(Number(per))})`);
  return figureOfToday(name);
}

/** Accepts any spelling; yields the canonical one. */
export const figureNameSchema = z.string().overwrite(figureName);
