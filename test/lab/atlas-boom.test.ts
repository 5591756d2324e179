import { describe, expect, it } from 'vitest';
import { statuses, verdict } from './command.ts';

describe('boom', () => {
  it('boom resets connections by a segment above the window, and either remedy of the issue cures it', async () => {
    const { code, verdict: seen } = await verdict(['boom']);
    expect(seen.symptom.figures).toMatchObject({
      'server.resets': 40,
      'packets.untranslated': 40,
      'packets.rst': 40,
    });
    expect(statuses(seen)).toEqual({
      'be-liberal': 'cured',
      'drop-invalid': 'cured',
      'ignore-invalid-rst': 'no-effect',
      // Skipped without root: there is no ballast to remove.
      'raise-max': 'skipped',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });

  it.each(['below', 'inside'])(
    'boom is not reproduced by a segment %s the window, which is a finding',
    async (segment) => {
      const { code, verdict: seen } = await verdict(['boom', '--param', `segment=${segment}`]);
      expect(seen.symptom).toMatchObject({
        status: 'not-reproduced',
        figures: { 'server.resets': 0, 'packets.invalid': 0 },
      });
      expect(new Set(Object.values(statuses(seen)))).toEqual(new Set(['skipped']));
      expect(code).toBe(0);
    },
  );
});
