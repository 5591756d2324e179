import { describe, expect, it } from 'vitest';
import { requestSchema, type Ask, type PhaseStep } from '../../../src/agent/rpc.ts';
import { phaseOn } from '../../../src/lab/phase-on.ts';
import { isNotRestored, notRestored } from '../../../src/util/not-restored.ts';
import { answersOf, deliverOnDemand, linkTo, UP } from '../agent/link.ts';
import { failureOf } from '../failure-of.ts';
import { memoryPhase } from './memory-phase.ts';
import { NEVER } from '../support/never.ts';

const PHASE = { cycle: 'symptom', stage: 'fault' } as const;
const AS_STATED = { pace: 1, slack: 0 };
const NAMES = ['a', 'b', 'c'] as const;

/**
 * Agents behind links, which take a phase until `finish`.
 *
 * @param failing how a step fails, by agent and step: `b offer`
 */
async function agents(failing: Partial<Record<string, Error>> = {}) {
  const log: string[] = [];
  const finished = Promise.withResolvers<undefined>();
  const standing = new Set<string>();
  const all = NAMES.map((name) => {
    const take = memoryPhase(name, {
      ...{ standing, finished: finished.promise },
      failing: (step) => failing[`${name} ${step}`],
    });
    const phase = (_: unknown, step: PhaseStep): Promise<void> => {
      log.push(`${name} ${step}`);
      return take(step);
    };
    const { asked, lose } = linkTo<Ask>(requestSchema, (say) => {
      const answers = answersOf(say, () => ({ phase }));
      return (request) => answers.answer(request);
    });
    return { ask: (request: Ask, signal: AbortSignal) => asked.ask(request, signal), lose };
  });
  for (const { ask } of all) await ask(UP, NEVER);
  const offering = (): Promise<void> =>
    expect.poll(() => log.filter((line) => line.endsWith('offer')).length).toBe(NAMES.length);
  const run = (): Promise<void> => phaseOn(all, PHASE, AS_STATED, NEVER);
  return {
    all,
    log,
    standing,
    run,
    offering,
    finish: () => {
      finished.resolve(undefined);
    },
  };
}

deliverOnDemand();

describe('a phase on agents, each with what it has begun', () => {
  it('nothing that a phase began outlives it on any agent', async () => {
    const { run, offering, finish, standing, log } = await agents();
    const phase = run();
    await offering();
    expect(standing.size).toBe(9);
    finish();
    await phase;
    expect([...standing]).toEqual([]);
    expect(log.slice(-3)).toEqual(['a end', 'b end', 'c end']);
  });

  it.each(['begin', 'offer'])(
    'where one agent fails at %s, the others stop their loads and undo their scheduled changes',
    async (step) => {
      const { run, standing, log } = await agents({ [`b ${step}`]: new Error('b: ENOBUFS') });
      await expect(run()).rejects.toThrow('b: ENOBUFS');
      expect([...standing].filter((line) => !line.endsWith('load'))).toEqual([]);
      expect(log.filter((line) => line.endsWith('abandon'))).toHaveLength(3);
      if (step === 'offer') expect([...standing]).toEqual([]);
    },
  );

  it('where one agent fails at the end, the others have ended what they began', async () => {
    const { run, offering, finish, standing } = await agents({ 'b end': new Error('b: no metrics') });
    const phase = failureOf(run());
    await offering();
    finish();
    await expect(phase).resolves.toHaveProperty('message', 'b: no metrics');
    expect([...standing].filter((line) => !line.startsWith('b'))).toEqual([]);
  });

  it('a scheduled change that can’t be undone makes the phase’s failure "not restored"', async () => {
    const { run, standing } = await agents({
      'b offer': new Error('b: ENOBUFS'),
      'c undo': notRestored('c: was 0, now 1'),
    });
    const failure = await failureOf(run());
    expect(failure).toHaveProperty('message', 'b: ENOBUFS; c: was 0, now 1');
    expect(isNotRestored(failure)).toBe(true);
    expect([...standing]).toEqual(['c scheduled change']);
  });

  it('a phase whose agent is lost is ended by the others, and says which was lost', async () => {
    const { all, run, offering, standing } = await agents();
    const phase = failureOf(run());
    await offering();
    all[1]?.lose('the agent on b is gone');
    await expect(phase).resolves.toHaveProperty('message', 'the agent on b is gone');
    expect([...standing].filter((line) => !line.startsWith('b'))).toEqual([]);
  });
});
