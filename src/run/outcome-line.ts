import type { Verdict } from '../schema/verdict.ts';

/** `reproduced; raise-max cured, be-liberal no-effect`: all statuses of a verdict. */
export function outcomeLine({ symptom, remedies }: Pick<Verdict, 'symptom' | 'remedies'>): string {
  const tried = remedies.map(({ name, status }) => `${name} ${status}`).join(', ');
  return tried === '' ? symptom.status : `${symptom.status}; ${tried}`;
}
