import { describe, expect, it } from 'vitest';
import { begin, commandOf, step, type Effect, type PlayState } from '../../../src/play/state.ts';

const CHOICES = [
  { name: 'raise-max', summary: 'a higher limit' },
  { name: 'keepalive', summary: 'fewer connections' },
];
const START = begin(CHOICES);

/** What a line asks for, and the state after it. */
function typed(line: string, state: PlayState = START) {
  return step(state, { type: 'command', command: commandOf(line, state.choices) });
}

/** The state once a line's effect is done. */
function after(line: string, state: PlayState = START): PlayState {
  const { state: next, effect } = typed(line, state);
  // As the lab does: a refill clears the table, an offer uses it.
  const fresh = effect?.type === 'refill' || (next.fresh && effect?.type !== 'offer');
  return effect === undefined ? next : step(next, { type: 'done', effect, fresh }).state;
}

describe('what a person types at a lab', () => {
  it.each<readonly [string, Effect]>([
    ['r', { type: 'offer' }],
    ['f', { type: 'refill' }],
    ['2', { type: 'apply', remedy: 'keepalive' }],
    ['keepalive', { type: 'apply', remedy: 'keepalive' }],
    ['s', { type: 'shell' }],
    [' s  worker-2 ', { type: 'shell', place: 'worker-2' }],
    ['q', { type: 'quit' }],
  ])('%j has the effect %j', (line, effect) => {
    expect(typed(line).effect).toEqual(effect);
  });

  it.each(['3', 'keepalife', '0', 'sh'])('%j is answered by what there is', (line) => {
    const { state, effect } = typed(line);
    expect(effect).toBeUndefined();
    expect(state.message).toContain(`${JSON.stringify(line)} is not a command: r offers the demand`);
  });

  it('undoes a remedy that stands', () => {
    const state = after('2');
    expect(state.choices.map(({ applied }) => applied)).toEqual([false, true]);
    expect(typed('2', state).effect).toEqual({ type: 'undo', remedy: 'keepalive' });
    expect(after('2', state).choices.some(({ applied }) => applied)).toBe(false);
  });

  it('waits for what is being done, except to end', () => {
    const { state } = typed('r');
    expect(typed('2', state)).toMatchObject({ state: { message: 'not now: the demand is offered' } });
    expect(typed('2', state).effect).toBeUndefined();
    expect(typed('q', state).effect).toEqual({ type: 'quit' });
  });

  it('says that a table is no longer fresh once the demand was offered', () => {
    const offered = after('r');
    const { state } = step(offered, {
      type: 'done',
      effect: { type: 'offer' },
      fresh: false,
      shown: { number: 1, applied: [], fresh: true, account: '' },
    });
    expect([START.fresh, state.fresh, after('f', state).fresh]).toEqual([true, false, true]);
    expect(after('2', state).message).toContain(
      'r offers the demand to the table as it is, f refills it first',
    );
  });

  it('keeps the lab when something fails', () => {
    const { state, effect } = typed('1');
    if (effect === undefined) throw new Error('no effect');
    const failed = step(state, { type: 'failed', effect, reason: 'no room' }).state;
    expect(failed).toMatchObject({ message: 'no room', busy: undefined });
    expect(failed.choices.some(({ applied }) => applied)).toBe(false);
  });
});
