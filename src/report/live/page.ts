import { h } from 'hastscript';
import { htmlDocument } from '../html/document.ts';
import { LIVE_SCRIPT } from './script.ts';

/** The page of a run in progress; its script asks for the events beside it. */
export function livePage(): string {
  return htmlDocument(
    'A run in progress · tablefull',
    [
      h('main', { class: 'wide live' }, [
        h('div', { id: 'verdict', ariaLive: 'polite' }),
        h('header', { id: 'head' }, [
          h('p', { class: 'kicker', id: 'what' }, 'tablefull'),
          h('h1', { id: 'foot' }, 'The run is being prepared'),
        ]),
        h('div', { id: 'phases' }),
        h('p', { id: 'kernel', class: 'quiet', hidden: true }),
        h('div', { id: 'plots' }),
        h('section', { ariaLabelledBy: 'log-heading' }, [
          h('h2', { id: 'log-heading' }, 'What happened'),
          h('ol', { id: 'lines', reversed: true }),
        ]),
        h('noscript', h('p', 'This page needs scripts; the report of the run does not.')),
      ]),
    ],
    LIVE_SCRIPT,
  );
}
