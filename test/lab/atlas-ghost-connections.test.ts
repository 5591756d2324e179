import { describe, expect, it } from 'vitest';
import { ACCOUNTED } from './accounted.ts';
import { statuses, verdict } from './command.ts';

describe('ghost-connections', () => {
  it('ghost-connections: datagrams from one port are lost until their entries are deleted', async () => {
    const { code, verdict: seen } = await verdict([
      'ghost-connections',
      '--remedy',
      'conntrack-delete,placebo',
    ]);
    const { figures } = seen.symptom;
    expect(seen.symptom.status).toBe('reproduced');
    // Every datagram of the last round is still lost: no entry expires while its client sends.
    expect(figures['exchanges.lastFailure']).toBeGreaterThan(2.3);
    expect(figures).toMatchObject({ 'newcomers.failed': 0, 'drop.delta': 0, conservation: ACCOUNTED });
    expect(statuses(seen)).toEqual({ 'conntrack-delete': 'cured', placebo: 'no-effect' });
    expect([code, seen.restore.status]).toEqual([0, 'complete']);
  });

  it('ghost-connections: connections hang, and are reset once their entries are deleted', async () => {
    const { code, verdict: seen } = await verdict([
      'ghost-connections',
      '--param',
      'protocol=tcp',
      '--remedy',
      'conntrack-delete',
    ]);
    expect(seen.symptom.figures).toMatchObject({ 'newcomers.failed': 0 });
    expect(seen.symptom.figures['exchanges.outcome[(56)]'] ?? 0).toBe(0);
    expect(statuses(seen)).toEqual({ 'conntrack-delete': 'reduced' });
    expect(seen.remedies[0]?.figures['exchanges.outcome[(56)]']).toBeGreaterThanOrEqual(50);
    expect(code).toBe(0);
  });

  it.each(['udp', 'tcp'])(
    'ghost-connections shows no symptom over %s if the backend stays',
    async (protocol) => {
      const { code, verdict: seen } = await verdict([
        'ghost-connections',
        '--control',
        '--param',
        `protocol=${protocol}`,
      ]);
      expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
    },
  );
});
