/** A phrase that readers stumble over, and what to write instead. docs/STYLE.md explains the rules. */
export interface Forbidden {
  readonly phrase: RegExp;
  readonly instead: string;
}

/** Things that are counted "one per": `a line a CPU`. */
const PER = [
  'cell',
  'connection',
  'cpu',
  'lookup',
  'name',
  'namespace',
  'node',
  'packet',
  'phase',
  'pod',
  'remedy',
  'request',
  'row',
  'run',
  'scenario',
  'second',
  'service',
  'ttl',
];

const NUMBERS = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Words of the glossary, by the words that they replaced. */
const WORDS: readonly Forbidden[] = [
  { phrase: /\bmend(s|ed|ing)?\b/i, instead: 'fix' },
  { phrase: /\bcapsules?\b/i, instead: 'sandbox' },
  { phrase: /\bseen[- ]again\b/i, instead: 'confirm: the fault is confirmed' },
  { phrase: /\bin-flight\b/i, instead: 'live: on the live table' },
  { phrase: /\bspoil(s|t|ed|ing)?\b/i, instead: 'invalid, or disturb' },
  { phrase: /\bobserved? again\b/i, instead: 'retry' },
  { phrase: /\bthe collector\b/i, instead: 'gc' },
  { phrase: /\bunmet\b/i, instead: 'loss, or not met' },
  { phrase: /\bfabric\b/i, instead: 'underlay' },
  { phrase: /\b(lend|lends|lent)\b/i, instead: 'delegate' },
  { phrase: /\btak(e|es|en|ing) back\b/i, instead: 'restore' },
  { phrase: /\bhappenings?\b/i, instead: 'scheduled change' },
  { phrase: /\barmed\b/i, instead: 'scheduled' },
  { phrase: /\bcomplain(s|ed|ing)?\b/i, instead: 'warn, or report' },
  { phrase: /\breference texts?\b/i, instead: 'the sources' },
  { phrase: /\blook-ups?\b/i, instead: 'lookup' },
  { phrase: /\b(a|the|no|each|by|of) time[- ]outs?\b/i, instead: 'timeout' },
  { phrase: /\bthe lab kind\b/i, instead: 'the kind lab' },
];

/** Idioms that a reader has to read twice. */
const IDIOMS: readonly Forbidden[] = [
  {
    phrase: new RegExp(String.raw`\b(an? [\w-]+|one) an? (${PER.join('|')})\b`, 'i'),
    instead: 'one … per …, as in “one line per CPU”',
  },
  {
    phrase: new RegExp(
      String.raw`(?<![:\w])(\d[\d,]*|${NUMBERS.join('|')})( [\w-]+)? an? (${PER.filter((each) => each !== 'second').join('|')})\b`,
      'i',
    ),
    instead: '… per …, as in “8 entries per lookup”',
  },
  { phrase: /\bso often\b(?! that)/i, instead: 'N times' },
  { phrase: /(?<!\bthere )\b(is|are) no (?!longer\b|more\b|way\b)/i, instead: 'is not a …' },
  { phrase: /\bof such an?\b/i, instead: 'name the thing' },
  {
    phrase: /[:;] (sudo )?tablefull (?!(has|is|was|sets|routes)\b)[a-z]/,
    instead: 'the command in backticks: it is shown as its reader can type it',
  },
  { phrase: /(?<!-)\bstands?\b(?! for\b|-)/i, instead: 'exists, stays, or keeps running' },
  { phrase: /\btalk to (stderr|stdout)\b/i, instead: 'messages go to …' },
  { phrase: /\b(is|are) kept to\b/i, instead: 'is honoured' },
  { phrase: /\btries on this machine\b/i, instead: 'checks that this machine can …' },
  { phrase: /\b(is|are) asked for as\b/i, instead: 'is looked up as it is' },
  { phrase: /\b(make|makes) of (this|the) machine\b/i, instead: 'give for this machine' },
  { phrase: /\bputs? back\b/i, instead: 'restore' },
  { phrase: /\bhow to regress\b/i, instead: 'prove a remedy' },
  { phrase: /\bthere already; name another\b/i, instead: 'already exists; choose another' },
  { phrase: /\bdecided without a run\b/i, instead: 'not applicable' },
  { phrase: /\bmust stay away\b/i, instead: 'passes if it does not occur' },
  { phrase: /\bat the most\b/i, instead: 'at most' },
  { phrase: /\bthe same again\b/i, instead: 'name what is repeated' },
  { phrase: /\b(has|have) nothing to keep\b/i, instead: 'say what can be kept' },
  { phrase: /\bplease\b|\bsorry\b|\boops\b/i, instead: 'say the fix; no politeness' },
];

export const FORBIDDEN: readonly Forbidden[] = [...WORDS, ...IDIOMS];
