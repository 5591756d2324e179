import { describe, expect, it } from 'vitest';
import { run, statuses } from './run.ts';
import { fakeLab, type Mishap } from './cli.ts';

describe('a run that goes through', () => {
  it('ends with exit code 0 where everything is as expected, and leaves history, verdict and JUnit file', async () => {
    const { code, verdict, files, stdout } = await run();
    expect(code).toBe(0);
    expect(statuses(verdict)).toEqual({
      symptom: 'reproduced',
      'raise-max': 'cured',
      'be-liberal': 'no-effect',
      placebo: 'no-effect',
    });
    expect(verdict?.restore).toEqual({ status: 'complete', left: [] });
    expect(files).toEqual([
      'history.jsonl',
      'junit.xml',
      'kernel.log',
      'report.html',
      'run.json',
      'verdict.json',
    ]);
    expect(stdout).toMatch(/^ {2}report {2}\S+\/report\.html$/m);
    expect(stdout).toMatch(/^PASSED toy: 4 of 4 results as expected, in [\d.]+ s; all restored\n/m);
  });

  it('records who ran what, where and with what, first', async () => {
    const { history } = await run({
      words: ['--seed', '42', '--remedy', 'placebo', '--expect', 'placebo=no-effect'],
    });
    expect(history[0]).toMatchObject({
      type: 'run',
      t: 0,
      scenario: 'toy',
      lab: 'fake',
      seed: 42,
      privileged: true,
      remedies: ['placebo'],
      expect: { placebo: 'no-effect' },
      argv: [
        'run',
        'toy',
        '--out',
        expect.any(String) as string,
        '--seed',
        '42',
        '--remedy',
        'placebo',
        '--expect',
        'placebo=no-effect',
      ],
      versions: { tablefull: '0.0.0' },
    });
  });

  it.each([
    ['--single-pass', false],
    ['--brief', true],
  ])('tries a remedy once with %s; the old name prints the new one', async (option, prints) => {
    const { history, stderr } = await run({ words: [option, '--remedy', 'placebo'] });
    const stages = history.flatMap((event) =>
      event.type === 'phase' && event.edge === 'start' ? [event.phase.stage] : [],
    );
    expect(stages).toEqual(['baseline', 'fault', 'fresh', 'confirm']);
    expect(stderr.includes('--brief is now --single-pass\n')).toBe(prints);
  });

  it('ends its history with the kernel’s lines, what was restored, and how it ended', async () => {
    const line = (where: string) => `[ 1.0] nf_conntrack: table full${where}, dropping packet`;
    // Each line is read once.
    const unread = [line(''), line(' in netns 7'), line(' in netns 8')];
    const openKernelLog = () => ({
      read: () => ({ lines: unread.splice(0) }),
      [Symbol.dispose]: () => undefined,
    });
    const mishap =
      (): Mishap =>
      (deed, { sink }) => {
        if (deed === 'open') sink({ type: 'namespaces', t: 1, nodes: { 'worker-1': 7 } });
      };
    const { history, stdout } = await run({
      mishap,
      words: ['--figures'],
      context: () => ({ openKernelLog }),
    });
    expect(stdout).toMatch(
      /^ {2}kernel {2}1 line like \[ 1\.0\] nf_conntrack: table full in netns 7, dropping/m,
    );
    expect(history.slice(-3)).toMatchObject([
      { type: 'kernel-log', lines: [line(' in netns 7')], unattributed: [line('')] },
      { type: 'restore', status: 'complete' },
      { type: 'end', status: 'completed' },
    ]);
  });

  it('retries a phase in which the generator was the bottleneck at most twice, and tells why', async () => {
    let seen = 0;
    const mishap =
      (): Mishap =>
      (deed, { sink }) => {
        if (deed !== 'placebo fresh') return;
        seen += 1;
        const phase = { cycle: 'placebo', stage: 'fresh' } as const;
        sink({
          type: 'offered',
          t: 0,
          phase,
          unit: 'requests',
          count: 0,
          lateP95: 0,
          starved: 'out of local ports',
        });
      };
    const { verdict, history } = await run({ mishap });
    expect(seen).toBe(3);
    expect(history.filter(({ type }) => type === 'retry')).toHaveLength(2);
    expect(statuses(verdict)).toMatchObject({ placebo: 'inconclusive', 'raise-max': 'cured' });
  });

  it('says before the first phase which lab it is and with which seed', async () => {
    expect((await run({ words: ['--seed', '42'] })).stderr.split('\n')[0]).toBe('lab fake, seed 42');
  });

  it('ends with exit code 1 where a user expected something else', async () => {
    expect((await run({ words: ['--expect', 'raise-max=no-effect'] })).code).toBe(1);
  });

  it('prints one JSON document and nothing else on stdout with --json, and no talk with --quiet', async () => {
    const { stdout, stderr, verdict } = await run({ words: ['--json', '--quiet'] });
    expect(JSON.parse(stdout)).toEqual(verdict);
    expect(stderr).toBe('');
  });

  it('tries no remedy with --remedy none, and applies no fault with --control', async () => {
    expect((await run({ words: ['--remedy', 'none'] })).deeds).toEqual([
      ...[
        'open',
        'reserve',
        'symptom baseline',
        'clear',
        'apply squeeze',
        'symptom fault',
        'release',
        'down',
      ],
    ]);
    expect((await run({ words: ['--control'] })).deeds).not.toContain('apply squeeze');
  });
});

describe('a run whose remedies', () => {
  it('were asked for by name, and none of them applies, is NOT RUN: no lab is opened', async () => {
    const { code, deeds, stdout, verdict } = await run({ words: ['--remedy', 'node-local-dns'] });
    expect([code, deeds]).toEqual([2, []]);
    expect(verdict?.outcome.headline).toBe('NOT RUN');
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      / NOT RUN toy: none of the named remedies applies; node-local-dns: applies to the load /,
    );
    expect(statuses(verdict)).toEqual({ symptom: 'skipped', 'node-local-dns': 'skipped' });
  });

  it('were asked for by name, and one of them applies, is carried out', async () => {
    const { code, verdict } = await run({ words: ['--remedy', 'node-local-dns,placebo'] });
    expect(code).toBe(0);
    expect(statuses(verdict)).toEqual({
      symptom: 'reproduced',
      'node-local-dns': 'skipped',
      placebo: 'no-effect',
    });
  });

  it('are not tried where the symptom is inconclusive does not call it not reproduced', async () => {
    const mishap =
      (): Mishap =>
      (deed, { sink }) => {
        if (deed !== 'symptom fault') return;
        const phase = { cycle: 'symptom', stage: 'fault' } as const;
        const starved = { unit: 'requests', count: 0, lateP95: 0, starved: 'out of local ports' };
        sink({ type: 'offered', t: 0, phase, ...starved });
      };
    const { verdict } = await run({ mishap });
    expect(verdict?.symptom.status).toBe('inconclusive');
    expect(verdict?.remedies.map(({ status, reason }) => [status, reason])).toEqual(
      Array.from({ length: 3 }, () => ['skipped', 'not tried: the symptom is inconclusive']),
    );
  });
});

describe('a run that fails', () => {
  it('to open its lab is inconclusive, with the reason in a line and exit code 2', async () => {
    const mishap = () => () => {
      throw new Error('the lab is gone: unshare: Operation not permitted');
    };
    const { code, verdict, history, stdout } = await run({ mishap });
    expect(code).toBe(2);
    expect(verdict?.symptom).toMatchObject({ status: 'inconclusive' });
    expect(verdict?.symptom.reason).toContain('the lab is gone: unshare: Operation not permitted');
    expect(history.at(-1)).toMatchObject({ type: 'end', status: 'aborted' });
    expect(stdout).toMatch(/^NOT RUN toy: the lab is gone: unshare: Operation not permitted\n/m);
  });

  it('to open its lab names the check that fails, and its fix', async () => {
    const broken = {
      ...fakeLab(() => {
        throw new Error('gone');
      }),
      checks: () =>
        Promise.resolve([
          { name: 'link', status: 'missing' as const, found: 'not supported', fix: 'sudo modprobe veth' },
        ]),
    };
    const { code, verdict } = await run({ context: () => ({ labs: [broken] }) });
    expect(code).toBe(2);
    expect(verdict?.symptom.reason).toContain('link: not supported; sudo modprobe veth');
  });

  it('in one remedy judges the others', async () => {
    const mishap = () => (deed: string) => {
      if (deed === 'be-liberal live') throw new Error('nft: no such\n\nluck');
    };
    const { code, verdict } = await run({ mishap });
    expect(code).toBe(2);
    expect(statuses(verdict)).toMatchObject({
      'raise-max': 'cured',
      'be-liberal': 'inconclusive',
      placebo: 'no-effect',
    });
  });

  it('to put something back says so first, and ends with exit code 3 whatever it found', async () => {
    const mishap =
      (): Mishap =>
      (deed, { onLeft }) => {
        if (deed === 'down') onLeft('nf_conntrack_max is 7');
      };
    const { code, stdout, verdict } = await run({ mishap });
    expect(code).toBe(3);
    expect(stdout).toMatch(/^NOT RESTORED toy: nf_conntrack_max is 7; run: `tablefull restore`\n/m);
    expect(verdict?.restore).toEqual({ status: 'incomplete', left: ['nf_conntrack_max is 7'] });
  });

  it('to restore what an earlier run left is not clean either', async () => {
    const restoreLeftovers = () =>
      Promise.resolve({
        status: 'incomplete' as const,
        restored: ['nf_conntrack_buckets = 9'],
        left: ['nf_conntrack_max is 7'],
      });
    const { code, stderr, verdict } = await run({ context: () => ({ restoreLeftovers }) });
    expect(code).toBe(3);
    expect(stderr).toContain('restored after a killed run: nf_conntrack_buckets = 9');
    expect(verdict?.restore.left).toEqual(['nf_conntrack_max is 7']);
  });

  it('its preflight opens no lab and makes no folder', async () => {
    const deeds: string[] = [];
    const lab = {
      ...fakeLab(undefined, deeds),
      preflight: () => Promise.reject(new Error('tools: nft not found; sudo apt-get install nftables')),
    };
    const { code, stdout, stderr, files } = await run({ context: () => ({ labs: [lab] }) });
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      'tablefull: tools: nft not found; sudo apt-get install nftables\n',
    ]);
    expect([files, deeds]).toEqual([[], []]);
  });
});
