import { execa } from 'execa';
import { expect, it } from 'vitest';
import { insertEstablished } from '../../src/kernel/ctnetlink.ts';
import { countField, readProcfs } from '../../src/kernel/procfs-entries.ts';
import { floodUdp } from '../../src/load/flood/flood.ts';
import { ACCOUNTED } from './accounted.ts';
import { verdict } from './command.ts';
import { describeLab, openTestLab, SERVICE_IP, UNASSIGNED_CLIENTS } from './kernel-lab.ts';

it('noisy-neighbour names the node and the pod, wherever they are, and the pod that sockets would have named', async () => {
  const { code, verdict: seen } = await verdict([
    ...['noisy-neighbour', '--param', 'noisy=worker-3'],
    ...['--remedy', 'keepalive,placebo'],
  ]);
  const { reason, figures } = seen.symptom;
  expect(reason).toMatch(
    /worker-3 drops \(\d+\), no other node does; pod noisy-0 has \d+ of its pods’ \d+ entries/,
  );
  expect(reason).toContain('most sockets: idle-0, 100, with 100 entries');
  expect(figures).toMatchObject({
    'worker-2.drop.delta': 0,
    'worker-2.requests.failed': 0,
    conservation: ACCOUNTED,
  });
  expect(figures['pod.noisy-0.entries']).toBeGreaterThan(600);
  expect(figures['pod.noisy-0.sockets']).toBeLessThan(10);
  // awk '{print $4}' counts protocols; the states are in field 6.
  expect(figures['baseline.procfs.$4.6']).toBeGreaterThan(1000);
  expect(figures['baseline.procfs.$6.ESTABLISHED']).toBe(100);
  expect(figures['baseline.procfs.$4.ESTABLISHED']).toBeUndefined();
  expect(seen.remedies.map(({ name, status }) => [name, status])).toEqual([
    ['keepalive', 'cured'],
    ['placebo', 'no-effect'],
  ]);
  expect(code).toBe(0);
});

it('noisy-neighbour without the squeeze shows no symptom', async () => {
  const { code, verdict: seen } = await verdict(['noisy-neighbour', '--control']);
  expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
});

describeLab('/proc/net/nf_conntrack', () => {
  it('/proc/net/nf_conntrack has the protocol’s number in field 4, the state in field 6, and no state of UDP', async () => {
    await using lab = await openTestLab();
    insertEstablished(lab.node, 0, 3, 0x7ab1e);
    await floodUdp({
      client: lab.client,
      sources: UNASSIGNED_CLIENTS,
      destination: { ip: SERVICE_IP, port: 53 },
      from: 0,
      count: 2,
      signal: AbortSignal.timeout(5_000),
    });
    const text = readProcfs(lab.node) ?? '';
    const awk = async (field: number): Promise<string[]> => {
      const { stdout } = await execa('awk', [`{print $${String(field)}}`], { input: text.trimEnd() });
      return stdout.split('\n');
    };
    expect((await awk(4)).toSorted()).toEqual(['17', '17', '6', '6', '6']);
    expect((await awk(6)).filter((value) => value === 'ESTABLISHED')).toHaveLength(3);
    expect((await awk(6)).filter((value) => value.startsWith('src='))).toHaveLength(2);
    expect(Object.fromEntries(countField(text, 4))).toEqual({ '6': 3, '17': 2 });
    // conntrack -L omits the first two fields, so there field 4 is right.
    const { stdout } = await lab.node.within(() => execa('conntrack', ['-L', '-p', 'tcp']));
    expect([...countField(stdout, 4)]).toEqual([['ESTABLISHED', 3]]);
  });
});
