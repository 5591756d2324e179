import { describe, expect, it } from 'vitest';
import { Observations } from '../../../src/judge/observations.ts';
import { judge } from '../../../src/judge/judge.ts';
import { judgeSymptom } from '../../../src/judge/symptom.ts';
import type { Protocol } from '../../../src/schema/protocol.ts';
import type { Change } from '../../../src/change/index.ts';
import { HistoryBuilder, LOSSY, PROTOCOL } from './history-builder.ts';

/** Shows with whatever fails. */
const ANY = {
  expected: 'reproduced' as const,
  when: ['requests.failed.rate > 0.01'],
  provenBy: [],
  loss: 'requests.failed.rate',
};

/** A table of 1,000 that ends at so many entries, 300 of those that entered having gone otherwise. */
const ending = (last: number, first = 900) => ({
  ...LOSSY,
  entries: [first, last] as const,
  totals: { ...LOSSY.totals, 'packets.entered': last - first + 300 },
});

describe('a fault’s phase in which the collector made room', () => {
  it('is invalid where the table was full, or so nearly that gc may have kept it from filling', () => {
    for (const last of [1_000, 960]) {
      const { status, reason } = judgeSymptom(
        new Observations(new HistoryBuilder().symptom(ending(last)).over()),
      );
      expect([status, reason]).toEqual(['inconclusive', expect.stringContaining('freed 300 entries')]);
    }
  });

  it('is not where so much was free that the collector takes nothing', () => {
    expect(judgeSymptom(new Observations(new HistoryBuilder().symptom(ending(940)).over())).status).toBe(
      'reproduced',
    );
  });

  it('is not where so much more failed that no comparison tips by it', () => {
    for (const [answered, status] of [
      [2_900, 'inconclusive'],
      [400, 'reproduced'],
    ] as const) {
      const many = { ...ending(1_000), offered: 3_000, answered };
      const history = new HistoryBuilder({ protocol: { symptom: ANY } }).symptom(many).over();
      expect(judgeSymptom(new Observations(history)).status).toBe(status);
    }
  });

  it('is invalid by fewer where the demand is small, and not where each operation takes more than one', () => {
    const small = (background: Protocol['background'], freed: number) => {
      const protocol = { symptom: ANY, background };
      const story = {
        ...{ ...LOSSY, offered: 200, answered: 60, entries: [400, 1_000] as const },
        totals: { ...LOSSY.totals, 'packets.entered': 600 + freed },
      };
      const history = new HistoryBuilder({ protocol }).symptom(story).over();
      return judgeSymptom(new Observations(history)).status;
    };
    const noisy = { noise: PROTOCOL.demand };
    expect([small(noisy, 20), small(noisy, 95)]).toEqual(['reproduced', 'inconclusive']);
    // Ten entries each.
    expect([small({}, 95), small({}, 250)]).toEqual(['reproduced', 'inconclusive']);
  });

  it('is not where the scenario looks for just that', () => {
    const history = new HistoryBuilder({ protocol: { relief: true } }).symptom(ending(1_000)).over();
    expect(judgeSymptom(new Observations(history)).status).toBe('reproduced');
  });
});

describe('a remedy on a fresh table in which gc made room', () => {
  /** By a remedy that makes this change; the demand is met, and 300 entries were freed. */
  const judged = (change: Change, last: number, ms = 1000, resets = 0, sysctls: Protocol['sysctls'] = {}) =>
    judge(
      new HistoryBuilder({ remedies: ['mine'], protocol: { sysctls } })
        .symptom()
        .with({
          type: 'change',
          cycle: 'mine',
          action: 'apply',
          change,
          node: 'worker-1',
          before: '',
          after: '',
          emulated: false,
        })
        .remedy('mine', { ...met(last, resets), ms })
        .over(),
    ).remedies[0];
  const met = (last: number, resets: number) => {
    const story = ending(last, 500);
    return { ...story, answered: 200, totals: { ...story.totals, 'packets.rst': resets } };
  };
  const sysctl = (name: string, value = 1): Change => ({ kind: 'sysctl', node: 'worker-1', name, value });
  const liberal = sysctl('net.netfilter.nf_conntrack_tcp_be_liberal');

  it('proves nothing where the table would have been full without that', () => {
    expect(judged(liberal, 720)).toMatchObject({
      status: 'inconclusive',
      reason: expect.stringContaining('freed 300 entries') as string,
    });
  });

  it('has cured where it would not have been full anyhow', () => {
    expect(judged(liberal, 690)?.status).toBe('cured');
  });

  it('has cured where the phase was long enough for entries to leave by themselves', () => {
    expect(judged(liberal, 720, 61_000)?.status).toBe('cured');
  });

  it('has cured where it was long enough for those of reset connections, and so many were reset', () => {
    expect(judged(liberal, 720, 12_000, 300)?.status).toBe('cured');
    expect(judged(liberal, 720, 12_000, 10)?.status).toBe('inconclusive');
    expect(judged(liberal, 720, 9_000, 300)?.status).toBe('inconclusive');
  });

  it('has cured where the remedy is for entries to leave earlier', () => {
    expect(judged(sysctl('net.netfilter.nf_conntrack_udp_timeout'), 720)?.status).toBe('cured');
  });

  it('proves nothing where the phase was over before a shorter timeout was', () => {
    const shorter = sysctl('net.netfilter.nf_conntrack_udp_timeout', 30);
    expect(judged(shorter, 720)?.status).toBe('inconclusive');
    expect(judged(shorter, 720, 31_000)?.status).toBe('cured');
  });

  it('has cured where a timeout of the scenario’s own was over in the phase, and proves nothing where not', () => {
    const within = (seconds: number) =>
      judged(liberal, 720, 4_000, 0, { 'net.netfilter.nf_conntrack_tcp_timeout_close_wait': seconds })
        ?.status;
    expect([within(3), within(3600)]).toEqual(['cured', 'inconclusive']);
  });
});
