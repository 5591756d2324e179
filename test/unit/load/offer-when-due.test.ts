import { expect, it } from 'vitest';
import { offerWhenDue } from '../../../src/load/offer-when-due.ts';
import type { LoadEvent } from '../../../src/load/events.ts';
import { Outcomes } from '../../../src/load/outcomes.ts';

const LONG_MS = 60_000;

function recorded(): { readonly outcomes: Outcomes; readonly events: LoadEvent[] } {
  const events: LoadEvent[] = [];
  const outcomes = new Outcomes(
    'requests',
    () => performance.now(),
    (event) => events.push(event),
  );
  return { outcomes, events };
}

it('a load ends with its last answer, not with its last request', async () => {
  const { outcomes, events } = recorded();
  const slow = Promise.withResolvers<string>();
  let ended = false;
  const load = offerWhenDue(
    [0, 0],
    { outcomes, signal: AbortSignal.timeout(LONG_MS) },
    (i) => () => (i === 0 ? slow.promise : Promise.resolve('ok')),
  ).then(() => (ended = true));
  await expect.poll(() => outcomes.offered).toBe(2);
  expect(ended).toBe(false);
  slow.resolve('refused');
  await load;
  outcomes.finish();
  expect(events).toMatchObject([{ outcome: 'ok' }, { outcome: 'refused' }, { type: 'offered', count: 2 }]);
});

it('a load fails at once where a request can’t be sent, although later ones are not due yet', async () => {
  const { outcomes } = recorded();
  const over = new AbortController();
  const load = offerWhenDue(
    [0, LONG_MS],
    { outcomes, signal: over.signal },
    () => () => Promise.reject(new Error('no such namespace')),
  );
  await expect(load).rejects.toThrow('no such namespace');
  over.abort();
});
