import { h } from 'hastscript';
import { facts, section, status } from './parts.ts';

/** The words of the page, for readers who see their first report. */
export const WORDS = section(
  'words',
  'Words',
  h('details', [
    h('summary', 'What the words on this page mean'),
    facts([
      ['baseline', 'The demand before the fault.'],
      ['fault', 'The demand under the fault, without a remedy.'],
      ['confirm', 'The fault once more, before a remedy is tried.'],
      ['live', 'The remedy, applied to the table as the fault left it.'],
      ['fresh', 'The table cleared and filled again with the remedy in place: the verdict.'],
      [status('cured'), 'The demand is met, and could go on for ever at this rate.'],
      [status('postponed'), 'The demand is met until the table is full again.'],
      [status('reduced'), 'Less of the demand fails than without the remedy.'],
      [status('delayed'), 'The demand fails as before, later.'],
      [status('no-effect'), 'As without the remedy.'],
      [status('worse'), 'More of the demand fails than without the remedy.'],
      [status('inconclusive'), 'Nothing can be said; the reason says why.'],
      [status('skipped'), 'Not tried; the reason says what it needs.'],
    ]),
  ]),
);
