import { describe, expect, it } from 'vitest';
import { statuses, verdict } from './command.ts';

describe('mesh-redirect', () => {
  it('mesh-redirect loses late answers by the pod’s own timeout, which no node’s sets', async () => {
    const { code, verdict: seen } = await verdict(['mesh-redirect']);
    expect(seen.symptom.figures).toMatchObject({
      'server-0.entries.max': 50,
      'server-0.entries.last': 0,
      'entries.last': 50,
      'baseline.server-0.entries.max': 0,
    });
    expect(statuses(seen)).toEqual({
      'tcp-keepalive': 'cured',
      'pod-timeout': 'cured',
      'skip-port': 'cured',
      'node-timeout': 'no-effect',
      'pod-be-liberal': 'no-effect',
      'pod-drop-invalid': 'no-effect',
      'be-liberal': 'no-effect',
      'drop-invalid': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });

  it('mesh-redirect resets what the pod’s table calls INVALID, while the nodes’ invalid stays 0', async () => {
    const { code, verdict: seen } = await verdict(['mesh-redirect', '--param', 'connection=out-of-window']);
    const { figures } = seen.symptom;
    expect(figures['server-0.invalid.delta']).toBeGreaterThanOrEqual(
      figures['connections.failed'] ?? Infinity,
    );
    expect(figures).toMatchObject({ 'invalid.delta': 0, 'worker-1.invalid.delta': 0, 'drop.delta': 0 });
    expect(statuses(seen)).toMatchObject({
      'pod-be-liberal': 'cured',
      'pod-drop-invalid': 'cured',
      'skip-port': 'cured',
      'pod-timeout': 'no-effect',
      'be-liberal': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });

  it('the null control of mesh-redirect shows no symptom', async () => {
    const { code, verdict: seen } = await verdict(['mesh-redirect', '--control']);
    expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
  });
});
