import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NetNamespace } from '../../../src/kernel/netns.ts';
import { runIpLines } from '../../../src/kernel/rtnetlink.ts';
import { describeLab, openTestLab, type TestLab } from '../kernel-lab.ts';

const LINES = [
  'link set lo up',
  'addr add 10.9.0.2/32 dev eth0',
  'link set eth0 up',
  'neigh add 10.9.0.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent',
  'route add 10.9.0.1/32 dev eth0 scope link src 10.9.0.2',
  'route add 10.99.0.0/16 via 10.9.0.1 dev eth0 src 10.9.0.2',
  'route add 10.98.0.0/16 via 10.9.0.1',
  'route add default via 10.9.0.1 dev eth0',
];

describeLab('Lines of ip without a process', () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = await openTestLab();
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  const ip = async (space: NetNamespace, words: string): Promise<string> => {
    const { stdout } = await space.within(() => execa('ip', words.split(' ')));
    return stdout;
  };
  const state = async (space: NetNamespace): Promise<readonly string[]> => [
    await ip(space, 'route show'),
    (await ip(space, 'neigh show'))
      .split('\n')
      .filter((line) => line.includes('PERMANENT'))
      .join(),
    (await ip(space, '-br addr show to 10.9.0.2')).replace(/@if\d+/, ''),
    (await ip(space, '-br link show lo')).replace(/\s+/g, ' '),
  ];

  it('our rtnetlink lines leave what ip itself leaves', async () => {
    const [ours, theirs] = [lab.client, lab.server];
    for (const space of [ours, theirs]) {
      await ip(space, 'route flush dev eth0');
      await ip(space, 'addr flush dev eth0');
    }
    runIpLines(ours, LINES);
    await theirs.within(() => execa('ip', ['-batch', '-'], { input: `${LINES.join('\n')}\n` }));
    const wanted = (await state(theirs)).join('\n');
    expect((await state(ours)).join('\n')).toBe(wanted);
    expect(wanted).toContain('default via 10.9.0.1 dev eth0');
    expect(wanted).toContain('10.9.0.1 dev eth0 lladdr 02:00:00:00:00:01 PERMANENT');
  });

  it('our rtnetlink lines fail by the line that the kernel refuses', () => {
    expect(() => {
      runIpLines(lab.client, ['link set lo up', 'addr add 10.9.0.2/32 dev eth0']);
    }).toThrow(/ip addr add 10\.9\.0\.2\/32 dev eth0: ip: file already exists \(EEXIST\)/);
    expect(() => {
      runIpLines(lab.client, ['link set lo down']);
    }).toThrow('ip link set lo down: unsupported line');
  });
});
