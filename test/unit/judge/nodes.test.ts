import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/judge/judge.ts';
import { Observations } from '../../../src/judge/observations.ts';
import { parseSockstat } from '../../../src/kernel/sockstat.ts';
import { countField } from '../../../src/kernel/procfs-entries.ts';
import type { EventOf, History } from '../../../src/schema/history.ts';
import { HistoryBuilder, LOSSY } from './history-builder.ts';

const phase = { cycle: 'symptom', stage: 'fault' } as const;
const outcomes = (outcome: string, due: number[], latency: number[]): Omit<EventOf<'outcomes'>, 't'> => ({
  type: 'outcomes',
  phase,
  unit: 'requests',
  outcome,
  due,
  latency,
});

describe('a table that is freed in the middle of a phase', () => {
  const history = (): History => {
    const builder = new HistoryBuilder();
    builder.phase('symptom', 'fault', { ...LOSSY, totals: { 'packets.entered': 80 } });
    const at = (t: number, event: Omit<EventOf<'outcomes'>, 't'> | Omit<EventOf<'change'>, 't'>): void => {
      builder.events.push({ ...event, t });
    };
    const flush = { kind: 'flush', node: 'worker-1' } as const;
    at(500, {
      ...{ type: 'change', cycle: 'symptom', action: 'apply', change: flush },
      ...{ node: 'worker-1', before: 1000, after: 940, emulated: false },
    });
    at(600, outcomes('ok', [450, 520, 530], [600, 30, 5]));
    return builder.events;
  };

  it('tells how long the load took to recover, apart from those that had been waiting', () => {
    expect(new Observations(history()).of('symptom', 'fault').figures).toMatchObject({
      flushed: 60,
      'requests.recovery': 0.035,
      'requests.stragglers': 0.55,
    });
  });

  it('does not blame the garbage collector for what was deleted', () => {
    expect(new Observations(history()).of('symptom', 'fault').figures.relief).toBe(80 - 60 - 80);
  });
});

describe('a noisy neighbour', () => {
  const named = (figures: Record<string, number>): string => {
    const builder = new HistoryBuilder().symptom();
    const t = builder.events.findLastIndex((event) => event.type === 'phase' && event.edge === 'end');
    builder.events.splice(t, 0, { type: 'measured', t: 2100, phase, figures });
    return judge(builder.over()).symptom.reason;
  };

  it('is named by its entries, with its sockets, beside the pod that has most sockets', () => {
    expect(
      named({
        'pod.noisy-0.entries': 1150,
        'pod.noisy-0.sockets': 3,
        'pod.idle-0.entries': 50,
        'pod.idle-0.sockets': 200,
      }),
    ).toContain(
      'worker-1 drops (150), no other node does; pod noisy-0 has 1,150 of its pods’ 1,200 entries, and 3 sockets; most sockets: idle-0, 200, with 50 entries',
    );
  });

  it('is not named where pods were not counted', () => {
    expect(named({})).not.toContain('drops');
  });
});

describe('what the kernel prints of sockets and entries', () => {
  it('is read by its fields', () => {
    expect(parseSockstat('sockets: used 43\nTCP: inuse 12 orphan 0 tw 900 alloc 14 mem 16\n')).toEqual({
      inUse: 12,
      orphans: 0,
    });
    const lines =
      'ipv4     2 tcp      6 117 TIME_WAIT src=10.0.0.1\nipv4     2 udp      17 29 src=10.0.0.1 dst=10.0.0.2\n';
    expect([...countField(lines, 4).keys()]).toEqual(['6', '17']);
    expect([...countField(lines, 6).keys()]).toEqual(['TIME_WAIT', 'src=10.0.0.1']);
    expect(() => parseSockstat('')).toThrow('the line TCP: inuse is missing');
  });
});
