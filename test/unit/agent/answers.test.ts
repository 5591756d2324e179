import { describe, expect, it } from 'vitest';
import type { AgentWork, Answers } from '../../../src/agent/answer.ts';
import type { Recording } from '../../../src/agent/recording.ts';
import { requestSchema, type Ask } from '../../../src/agent/rpc.ts';
import type { Change } from '../../../src/change/index.ts';
import { isNotRestored, notRestored } from '../../../src/util/not-restored.ts';
import { answersOf, deliverOnDemand, linkTo, UP } from './link.ts';
import { failureOf } from '../failure-of.ts';
import { NEVER } from '../support/never.ts';

const FLUSH: Change = { kind: 'flush', node: 'all' };
const apply = (cycle: string): Ask => ({ method: 'apply', change: FLUSH, cycle });
/** An agent behind a link, and the changes it is making: each is made when a test says so. */
function agent(work: (recording: Recording) => Partial<AgentWork> = () => ({})) {
  const making = new Map<string, PromiseWithResolvers<number>>();
  const log: string[] = [];
  let answers: Answers | undefined;
  const { asked, events, lose } = linkTo<Ask>(requestSchema, (say) => {
    const own = answersOf(say, (recording) => ({
      apply: (_, cycle) => {
        const made = Promise.withResolvers<number>();
        making.set(cycle, made);
        return made.promise;
      },
      undo: (id) => Promise.resolve(void log.push(`undo ${String(id)}`)),
      undoAll: () => Promise.resolve(void log.push('undo all')),
      ...work(recording),
    }));
    answers = own;
    return (request) => own.answer(request);
  });
  const begun = (cycle: string): Promise<void> => expect.poll(() => making.has(cycle)).toBe(true);
  return { asked, events, lose, making, begun, log, undoAll: () => answers?.undoAll() };
}

deliverOnDemand();

describe('an agent that is asked', () => {
  it('an agent answers each request with its own result, whichever is over first', async () => {
    const { asked, making, begun } = agent();
    await asked.ask(UP, NEVER);
    const one = asked.ask(apply('one'), NEVER);
    const other = asked.ask(apply('other'), NEVER);
    await begun('other');
    making.get('other')?.resolve(22);
    await expect(other).resolves.toBe(22);
    making.get('one')?.resolve(11);
    await expect(one).resolves.toBe(11);
  });

  it('an agent undoes the very change that the harness names', async () => {
    const { asked, log } = agent();
    await asked.ask(UP, NEVER);
    await asked.ask({ method: 'undo', applied: 7 }, NEVER);
    expect(log).toEqual(['undo 7']);
  });

  it('an agent refuses what it can do only once it is up, and names the request', async () => {
    const { asked } = agent();
    await expect(asked.ask({ method: 'hold' }, NEVER)).rejects.toThrow('hold before up');
  });

  it('an agent passes every step of a phase on, with its conditions', async () => {
    const steps: unknown[] = [];
    const { asked } = agent(() => ({ phase: (...step) => Promise.resolve(void steps.push(step)) }));
    const phase = { cycle: 'symptom', stage: 'fault' } as const;
    const conditions = { pace: 2, slack: 5 };
    await asked.ask(UP, NEVER);
    for (const step of ['begin', 'abandon'] as const)
      await asked.ask({ method: 'phase', phase, step, conditions }, NEVER);
    expect(steps).toEqual([
      [phase, 'begin', conditions],
      [phase, 'abandon', conditions],
    ]);
  });

  it('an error that says "not restored" still says so on the harness’ side, and no other error does', async () => {
    const { asked } = agent(() => ({
      undo: (id) => Promise.reject(id === 1 ? notRestored('was 0, now 1') : new Error('EINVAL')),
    }));
    await asked.ask(UP, NEVER);
    const left = await failureOf(asked.ask({ method: 'undo', applied: 1 }, NEVER));
    const refused = await failureOf(asked.ask({ method: 'undo', applied: 2 }, NEVER));
    expect([left, refused]).toMatchObject([{ message: 'was 0, now 1' }, { message: 'EINVAL' }]);
    expect([left, refused].map(isNotRestored)).toEqual([true, false]);
  });

  it('what an agent tells its hosts reaches the harness as events, in order', async () => {
    const { asked, events } = agent(({ trace, deliver }) => ({
      hold: () => {
        trace('worker-1', 'sysctl -w a=1');
        trace('worker-1', 'sysctl -w b=2');
        deliver();
        return Promise.resolve();
      },
    }));
    await asked.ask(UP, NEVER);
    await asked.ask({ method: 'hold' }, NEVER);
    expect(events).toMatchObject([
      { type: 'executed', node: 'worker-1', lines: ['sysctl -w a=1', 'sysctl -w b=2'] },
    ]);
  });

  it('an agent whose harness is gone undoes what stands, and nothing where it never came up', async () => {
    const { asked, undoAll, log } = agent();
    await undoAll();
    expect(log).toEqual([]);
    await asked.ask(UP, NEVER);
    await undoAll();
    expect(log).toEqual(['undo all']);
  });
});

describe('an agent that is lost', () => {
  it('a lost agent rejects everything that it was asked, and all that it is asked later', async () => {
    const { asked, lose, begun } = agent();
    await asked.ask(UP, NEVER);
    const underWay = [failureOf(asked.ask(apply('one'), NEVER)), failureOf(asked.ask(apply('other'), NEVER))];
    await begun('other');
    lose('the agent on worker-1 is gone: killed');
    const later = failureOf(asked.ask({ method: 'clear' }, NEVER));
    const gone = { message: 'the agent on worker-1 is gone: killed' };
    await expect(Promise.all([...underWay, later])).resolves.toMatchObject([gone, gone, gone]);
    expect(asked.lost.reason).toMatchObject(gone);
  });

  it('a lost agent that was never ready is not waited for', async () => {
    const { asked, lose } = agent();
    const ready = failureOf(asked.ready(NEVER));
    lose('no such image');
    await expect(ready).resolves.toMatchObject({ message: 'no such image' });
  });

  it('an agent that was told to go is no loss, and whoever still waits for it hears why', async () => {
    const { asked, lose, begun } = agent();
    await asked.ask(UP, NEVER);
    const waiting = failureOf(asked.ask(apply('one'), NEVER));
    await begun('one');
    asked.closing();
    lose('its stream ended');
    await expect(waiting).resolves.toMatchObject({ message: 'its stream ended' });
    expect(asked.lost.aborted).toBe(false);
  });
});

describe('a request that is given up', () => {
  it('a request ends with its signal, and its late answer is taken for no other’s', async () => {
    const { asked, making, begun } = agent();
    await asked.ask(UP, NEVER);
    const interrupted = new AbortController();
    const given = failureOf(asked.ask(apply('given up'), interrupted.signal));
    await begun('given up');
    interrupted.abort(new Error('SIGINT'));
    await expect(given).resolves.toMatchObject({ message: 'SIGINT' });
    const next = asked.ask(apply('next'), NEVER);
    await begun('next');
    making.get('given up')?.resolve(1);
    making.get('next')?.resolve(2);
    await expect(next).resolves.toBe(2);
  });

  it('a request whose signal has aborted is not sent', async () => {
    const { asked, log } = agent();
    await asked.ask(UP, NEVER);
    const aborted = AbortSignal.abort(new Error('SIGINT'));
    await expect(asked.ask({ method: 'undo', applied: 1 }, aborted)).rejects.toThrow('SIGINT');
    await asked.ask({ method: 'clear' }, NEVER);
    expect(log).toEqual([]);
  });
});
