import { about, count } from '../judge/words.ts';
import { REMEDY_STATUSES, type RemedyStatus } from '../schema/statuses.ts';
import type { Verdict } from '../schema/verdict.ts';

const SAID: Readonly<Record<RemedyStatus, readonly [one: string, many: string]>> = {
  cured: ['cures it', 'cure it'],
  postponed: ['postpones it', 'postpone it'],
  reduced: ['reduces it', 'reduce it'],
  delayed: ['delays it', 'delay it'],
  'no-effect': ['does nothing', 'do nothing'],
  worse: ['makes it worse', 'make it worse'],
  inconclusive: ['could not be judged', 'could not be judged'],
  skipped: ['was not tried', 'were not tried'],
};
const PROBLEM: Readonly<Record<Verdict['symptom']['status'], string>> = {
  reproduced: 'The problem was reproduced',
  'not-reproduced': 'The problem did not occur',
  inconclusive: 'Whether the problem occurred could not be told',
  skipped: 'Nothing was run',
};

/** The answer in sentences: whether the problem was there, and what cures it. */
export function answerOf({ symptom, remedies }: Verdict): readonly [first: string, ...rest: string[]] {
  const parts = REMEDY_STATUSES.flatMap((status) => {
    const own = remedies.filter((each) => each.status === status);
    if (own.length === 0 || (symptom.status !== 'reproduced' && status === 'skipped')) return [];
    const [one, many] = SAID[status];
    const names = own.map(({ name, figures }) =>
      status === 'postponed' && figures.lasts !== undefined
        ? `${name} (for ${about(figures.lasts)} s)`
        : name,
    );
    return [`${listed(names)} ${own.length === 1 ? one : many}`];
  });
  const why = symptom.status === 'reproduced' ? lossOf(symptom) : `: ${symptom.reason}`;
  return [`${PROBLEM[symptom.status]}${why}.`, ...(parts.length === 0 ? [] : [`${parts.join('; ')}.`])];
}

/** `: 600 of 1,800 requests failed`, if the demand counts so. */
function lossOf({ figures }: Verdict['symptom']): string {
  const failed = Object.entries(figures).find(([name]) => /^[a-z]+\.failed$/.test(name));
  const [name = '', many = 0] = failed ?? [];
  const [unit = ''] = name.split('.');
  const offered = figures[`${unit}.offered`];
  return failed === undefined || offered === undefined || many === 0
    ? ''
    : `: ${count(many)} of ${count(offered)} ${unit} failed`;
}

/** `a`, `a and b`, `a, b and c`. */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
