import { z } from 'zod';
import { stageName } from './stages.ts';

/** The part of a figure's name that makes it an outcome's count: `requests.outcome[(28)]`. */
const OUTCOME = /^(?<unit>[\w-]+)\.outcome\[(?<text>.*)\]$/;

/**
 * How an outcome was written up to 0.1.0: `requests.(28)`, `lookups.EAI_AGAIN`, `lookups.too late`. What begins with
 * one of the words in front of it was never one.
 */
const OLD_OUTCOME =
  /^(?<phase>(?:baseline|fault|confirm|live)\.)?(?!(?:baseline|fault|state|timeout|pods|threshold)\.)(?<unit>[\w-]+)\.(?!outcome\[)(?<text>[(A-Z].*|.* .*)$/;

/** `outcome[(28)]`: an outcome counts under the code that it begins with, or else under its whole text. */
export function outcomeMeasure(outcome: string): string {
  return `outcome[${/^\([^)]*\)/.exec(outcome)?.[0] ?? outcome}]`;
}

/** The unit that an outcome's figure counts in; undefined for any other figure. */
export function outcomeUnit(figure: string): string | undefined {
  return OUTCOME.exec(figure)?.groups?.unit;
}

/** A figure's name in the one way that figures are named: `requests p(95.0)` is `requests.p(95)`. */
export function figureName(text: string): string {
  return text
    .trim()
    .replace(/^[\w-]+(?=\.)/, stageName)
    .replace(/\s*[ .]p\((\d+(?:\.\d+)?)\)$/, (_, per: string) => `.p(${String(Number(per))})`)
    .replace(OLD_OUTCOME, '$<phase>$<unit>.outcome[$<text>]');
}

/** Read in any spelling, and canonical from then on. */
export const figureNameSchema = z.string().overwrite(figureName);
