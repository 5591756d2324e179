import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { anyVerdict, scratch, verdict } from './command.ts';

const SOURCES = fileURLToPath(new URL('../..', import.meta.url));

/** The verdict of saturate with additions to its protocol, given as the text of an object's fields. */
async function saturateWith(fields: string, ask = verdict) {
  using folder = scratch();
  const file = join(folder.path, 'mine.ts');
  writeFileSync(
    file,
    `import saturate from '${SOURCES}scenarios/saturate.ts';
import { defineScenario } from '${SOURCES}src/scenario/define.ts';
export default defineScenario({ name: 'mine', summary: 'saturate, and more', params: {},
  protocol: (_, environment) => ({ ...saturate.protocol({}, environment), remedies: {}, ${fields} }) });
`,
  );
  return await ask([file]);
}

describe('a phase', () => {
  it('a phase has loads beside its demand, and shows the entries of both: their states, their time left, and who opened them', async () => {
    const { code, verdict: seen } = await saturateWith(
      `background: { noise: { kind: 'simple-app', pods: 'simple-app', service: 'web',
         stages: [{ pods: 5, seconds: 0.2 }], requests: 50, connectTimeout: 1.1 } },
       inspect: ['states', 'pods'],
       show: ['noise.answered', 'state.TIME_WAIT', 'timeout.TIME_WAIT', 'pod.simple-app-0.entries']`,
    );
    const { figures } = seen.symptom;
    expect(figures).toMatchObject({
      'baseline.noise.answered': 50,
      'noise.offered': 50,
      'requests.offered': 2100,
    });
    expect(code).toBe(0);
    // Every entry has a state. The kernel's gc may free one or two, and another takes the place.
    const isAbout = (n: number): unknown => expect.closeTo(n, -1);
    const inStates = (stage: string): number =>
      Object.entries(figures).reduce(
        (sum, [name, n]) => (name.startsWith(`${stage}state.`) ? sum + n : sum),
        0,
      );
    expect([inStates('baseline.'), inStates('')]).toEqual([isAbout(2150), isAbout(1200)]);
    // Most: the last connections may still be closing when the phase ends, on a slow machine more of them.
    expect(figures['baseline.state.TIME_WAIT']).toBeGreaterThan(1500);
    expect(figures['state.TIME_WAIT']).toBeGreaterThan(900);
    // 120 s from the close, less the phase's seconds: at the slowest pace fewer than 60.
    expect(figures['baseline.timeout.TIME_WAIT']).toBeGreaterThan(60);
    expect(figures['baseline.timeout.TIME_WAIT']).toBeLessThanOrEqual(120);
    const pods = Object.entries(figures).filter(([name]) => /^pod\.simple-app-\d+\.entries$/.test(name));
    expect(pods).toHaveLength(50);
    expect(pods.reduce((sum, [, entries]) => sum + entries, 0)).toEqual(isAbout(1200));
  });

  it('a phase is invalid if its scheduled change fails, even after the load is over', async () => {
    // The kernel accepts 0 and 1.
    const refused = `{ kind: 'sysctl', node: 'worker-1', name: 'net.netfilter.nf_conntrack_tcp_be_liberal', value: 7 }`;
    const { verdict: seen } = await saturateWith(`events: [{ at: 4, change: ${refused} }]`, anyVerdict);
    expect(seen.symptom.status).toBe('inconclusive');
    expect(seen.symptom.reason).toContain('nf_conntrack_tcp_be_liberal');
  });

  it('a phase is not run if the scenario says why it can’t be shown', async () => {
    const { code, verdict: seen } = await saturateWith(`skip: 'needs a moon; wait for the night'`);
    expect(seen.symptom).toMatchObject({ status: 'skipped', reason: 'needs a moon; wait for the night' });
    expect([code, seen.seconds < 1]).toEqual([2, true]);
  });
});
