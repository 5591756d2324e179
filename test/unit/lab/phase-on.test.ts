import { describe, expect, it } from 'vitest';
import type { PhaseStep } from '../../../src/agent/rpc.ts';
import { phaseOn, type PhaseAgent } from '../../../src/lab/phase-on.ts';
import { NEVER } from '../support/never.ts';

const PHASE = { cycle: 'symptom', stage: 'fault' } as const;
const AS_STATED = { pace: 1, slack: 0 };

/** Agents in memory. An offer lasts until it is abandoned, or until `finish`. */
function agents(names: readonly string[], failing: Partial<Record<string, Error>> = {}) {
  const log: string[] = [];
  const offers = new Map<string, PromiseWithResolvers<undefined>>();
  const all = names.map((name): PhaseAgent => ({
    ask: async ({ step }, signal) => {
      const what = `${name} ${step}`;
      log.push(what);
      const failure = failing[what];
      if (failure !== undefined) throw failure;
      if (step === 'abandon') offers.get(name)?.reject(new Error('abandoned'));
      if (step !== 'offer') return;
      const offer = Promise.withResolvers<undefined>();
      offers.set(name, offer);
      signal.addEventListener('abort', () => {
        offer.reject(signal.reason as Error);
      });
      await offer.promise.finally(() => log.push(`${name} offer over`));
    },
  }));
  const begun = (name: string): Promise<void> => expect.poll(() => offers.has(name)).toBe(true);
  const finish = (): void => {
    for (const offer of offers.values()) offer.resolve(undefined);
  };
  return { all, log, begun, finish };
}

/** A harness without a part in the phase. */
const idle = () => ({
  ready: Promise.resolve(),
  offer: (): readonly Promise<unknown>[] => [],
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

const stepsOf = (log: readonly string[], step: PhaseStep): string[] =>
  log.filter((line) => line.endsWith(` ${step}`));

describe('a phase on several agents', () => {
  it('takes each step on all agents before the next', async () => {
    const { all, log, begun, finish } = agents(['a', 'b']);
    const phase = phaseOn(all, PHASE, AS_STATED, NEVER);
    await begun('b');
    finish();
    await phase;
    expect(log).toEqual([
      ...['a begin', 'b begin', 'a offer', 'b offer'],
      ...['a offer over', 'b offer over', 'a end', 'b end'],
    ]);
  });

  it('is ended by every agent where one can’t begin it, and nobody offers', async () => {
    const { all, log } = agents(['a', 'b', 'c'], { 'b begin': new Error('b: no counters') });
    await expect(phaseOn(all, PHASE, AS_STATED, NEVER)).rejects.toThrow('b: no counters');
    expect(stepsOf(log, 'begin')).toHaveLength(3);
    expect(stepsOf(log, 'offer')).toEqual([]);
    expect(stepsOf(log, 'abandon')).toEqual(['a abandon', 'b abandon', 'c abandon']);
  });

  it('fails only once nobody offers any more, where one agent’s offer fails', async () => {
    const { all, log } = agents(['a', 'b', 'c'], { 'b offer': new Error('b: ENOBUFS') });
    await expect(phaseOn(all, PHASE, AS_STATED, NEVER)).rejects.toThrow('b: ENOBUFS');
    expect(log.filter((line) => line.endsWith('over'))).toEqual(['a offer over', 'c offer over']);
    expect(stepsOf(log, 'abandon')).toEqual(['a abandon', 'b abandon', 'c abandon']);
    expect(stepsOf(log, 'end')).toEqual([]);
  });

  it('is ended by the other agents where one can’t end it', async () => {
    const failing = { 'a end': new Error('a: metrics did not come') };
    const { all, log, begun, finish } = agents(['a', 'b'], failing);
    const phase = phaseOn(all, PHASE, AS_STATED, NEVER);
    await begun('b');
    finish();
    await expect(phase).rejects.toThrow('a: metrics did not come');
    expect(stepsOf(log, 'end')).toEqual(['a end', 'b end']);
  });

  it('names what went wrong, and what went wrong in ending it', async () => {
    const failed = { 'a offer': new Error('a: ENOBUFS'), 'a abandon': new Error('a: not restored') };
    await expect(phaseOn(agents(['a', 'b'], failed).all, PHASE, AS_STATED, NEVER)).rejects.toThrow(
      'a: ENOBUFS; a: not restored',
    );
  });

  it('asks nothing more of agents whose lab is about to be taken down', async () => {
    const { all, log, begun } = agents(['a', 'b']);
    const interrupted = new AbortController();
    const phase = phaseOn(all, PHASE, AS_STATED, interrupted.signal);
    await begun('b');
    interrupted.abort(new Error('SIGINT'));
    await expect(phase).rejects.toThrow('SIGINT');
    expect(stepsOf(log, 'abandon')).toEqual([]);
  });

  it('undoes the harness’ own scheduled changes before the agents end it', async () => {
    const { all, log, begun, finish } = agents(['a']);
    const phase = phaseOn(all, PHASE, AS_STATED, NEVER, {
      begin: () => {
        log.push('scheduled');
        return {
          ...idle(),
          [Symbol.asyncDispose]: () => Promise.resolve(void log.push('undone')),
        };
      },
      record: () => Promise.resolve(void log.push('recorded')),
    });
    await begun('a');
    finish();
    await phase;
    expect(log).toEqual([
      ...['a begin', 'scheduled', 'a offer', 'a offer over'],
      ...['undone', 'recorded', 'a end'],
    ]);
  });

  it('offers nothing before the harness’ changes at 0 are made', async () => {
    const { all, log, begun, finish } = agents(['a', 'b']);
    const made = Promise.withResolvers<undefined>();
    const phase = phaseOn(all, PHASE, AS_STATED, NEVER, {
      begin: () => ({
        ...idle(),
        ready: made.promise.finally(() => log.push('made')),
        offer: () => {
          log.push('harness offers');
          return [];
        },
      }),
    });
    await expect.poll(() => log.length).toBe(2);
    made.resolve(undefined);
    await begun('b');
    finish();
    await phase;
    expect(log.slice(0, 6)).toEqual(['a begin', 'b begin', 'made', 'harness offers', 'a offer', 'b offer']);
  });

  it('is abandoned without an offer where a change of the harness at 0 can’t be made', async () => {
    const { all, log } = agents(['a', 'b']);
    const begin = () => ({ ...idle(), ready: Promise.reject(new Error('the API server refused')) });
    await expect(phaseOn(all, PHASE, AS_STATED, NEVER, { begin })).rejects.toThrow('refused');
    expect(stepsOf(log, 'offer')).toEqual([]);
    expect(stepsOf(log, 'abandon')).toEqual(['a abandon', 'b abandon']);
  });

  it('stops the harness’ own part where an agent fails, and agents where the harness does', async () => {
    const { all, log } = agents(['a', 'b'], { 'b offer': new Error('b: ENOBUFS') });
    const updates = Promise.withResolvers<undefined>();
    const own = (stop: AbortSignal) => {
      stop.addEventListener('abort', () => {
        log.push('updates stopped');
        updates.reject(stop.reason as Error);
      });
      return { ...idle(), offer: () => [updates.promise] };
    };
    await expect(phaseOn(all, PHASE, AS_STATED, NEVER, { begin: own })).rejects.toThrow('b: ENOBUFS');
    expect(log).toContain('updates stopped');

    const { all: others, log: theirs } = agents(['a', 'b']);
    const refused = () => ({
      ...idle(),
      offer: () => [Promise.reject(new Error('the API server refused'))],
    });
    await expect(phaseOn(others, PHASE, AS_STATED, NEVER, { begin: refused })).rejects.toThrow('refused');
    expect(theirs.filter((line) => line.endsWith('over'))).toEqual(['a offer over', 'b offer over']);
  });

  it('is abandoned where a scheduled change of the harness can’t be undone', async () => {
    const { all, log, begun, finish } = agents(['a', 'b']);
    const phase = phaseOn(all, PHASE, AS_STATED, NEVER, {
      begin: () => ({ ...idle(), [Symbol.asyncDispose]: () => Promise.reject(new Error('stuck')) }),
    });
    await begun('b');
    finish();
    await expect(phase).rejects.toThrow('stuck');
    expect(stepsOf(log, 'abandon')).toEqual(['a abandon', 'b abandon']);
  });
});
