import { wrap } from '../../report/layout.ts';
import { outcomeWords, WIDTH } from '../text.ts';
import type { Event, Request } from './protocol.ts';

export const HELP = 's [PLACE] a shell   check   cause NAME   end';

/** What a person typed. @returns the request, or what is wrong with the line */
export function lineOf(line: string): Request | string {
  const [word = '', name] = line.trim().split(/\s+/);
  if (word === 'check' || word === 'end') return { do: word };
  if (word === 'q') return { do: 'end' };
  if (word === 'cause')
    return name === undefined ? 'cause: name one, as in `cause full-table`' : { do: 'cause', name };
  return `${JSON.stringify(word)} is not a command; use: ${HELP}`;
}

/** An answer for a person. */
export function sayEvent(event: Event): readonly string[] {
  switch (event.event) {
    case 'report': {
      const { text, places, services, causes } = event;
      const nodes = places.filter(({ kind }) => kind === 'node').map(({ name }) => name);
      const pods = places.length - nodes.length;
      return [
        ...wrap(text, WIDTH, ''),
        ...wrap(`nodes: ${nodes.join(', ')}; pods: ${String(pods)}`, WIDTH, ''),
        ...wrap(
          `services: ${services.map(({ name, ip, port }) => `${name} ${ip}:${String(port)}`).join(', ')}`,
          WIDTH,
          '',
        ),
        ...wrap(`causes: ${causes.join(', ')}`, WIDTH, ''),
        'The clock runs. Find the cause, mitigate, cure; `tablefull shell NAME` works as well.',
        HELP,
      ];
    }
    case 'ran':
      return [event.stdout, event.stderr, `exit code ${String(event.exitCode)}`].filter(
        (text) => text !== '',
      );
    case 'cause':
      return [event.right ? 'right: the clock for detecting has stopped' : 'wrong'];
    case 'checked': {
      const { outcome, now, afterwards, found, broke } = event;
      return [
        `table now: ${now}`,
        `fresh: ${afterwards}`,
        ...found.map((line) => `changed: ${line}`),
        ...broke.map((line) => `broken: ${line}`),
        `${outcome}: ${outcomeWords(event)}`,
      ].flatMap((line) => wrap(line, WIDTH, ''));
    }
    case 'error':
      return [event.message];
    case 'score': {
      const { cause, detected, mitigated, cured, wrongGuesses, seconds } = event;
      const at = (time: number | undefined): string => (time === undefined ? 'never' : `${String(time)} s`);
      return [
        `it was: ${cause}`,
        `detected ${at(detected)}, wrong guesses ${String(wrongGuesses)}; mitigated ${at(mitigated)}; ${cured ? 'cured' : 'not cured'}; ${String(seconds)} s in all`,
      ];
    }
  }
}
