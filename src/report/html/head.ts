import type { Element } from 'hast';
import { h } from 'hastscript';
import type { Headline } from '../../schema/outcome.ts';
import type { Verdict } from '../../schema/verdict.ts';
import { typed } from '../rerun.ts';

type Restored = Verdict['restore'];

/** A headline in its colour. */
export function badge(headline: Headline): Element {
  return h('span', { class: ['badge', headline.replaceAll(' ', '-').toLowerCase()] }, headline);
}

/**
 * What was not restored, for the top of a page; nothing where all was.
 *
 * @param script the npm script that started the command
 */
export function leftAlert({ status, left }: Restored, script: string | undefined): readonly Element[] {
  if (status !== 'incomplete') return [];
  return [
    h('div', { class: 'left', role: 'alert' }, [
      h('p', [h('strong', 'Not everything was restored.'), ' Run: ', h('code', typed(script, ['restore']))]),
      h(
        'ul',
        left.map((what) => h('li', what)),
      ),
    ]),
  ];
}

export function sayRestored({ status }: Restored): string {
  return status === 'complete' ? 'everything was restored' : `restore: ${status}`;
}

/** `26 November 2026, 20:02 UTC`. */
export function dateOf({ startedAt }: { readonly startedAt: string }): string {
  const date = new Date(startedAt);
  if (Number.isNaN(date.getTime())) return startedAt;
  return `${date.toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' })}, ${date.toISOString().slice(11, 16)} UTC`;
}
