import { describe, expect, it } from 'vitest';
import { Observations } from '../../../src/judge/observations.ts';
import { measuredIn } from '../../../src/judge/measured.ts';
import { raiseMaxForGood, raiseMaxTo } from '../../../src/remedy/raise-max.ts';
import { outOfReach, whyNotTried } from '../../../src/run/requirements.ts';
import type { Scenario } from '../../../src/scenario/define.ts';
import { Cli, fakeLab, TOY } from '../cli/cli.ts';
import { HistoryBuilder, MET, PROTOCOL, LOSSY } from '../judge/history-builder.ts';

const protocol = { ...PROTOCOL, burst: false };
const GIB = 2 ** 30;

describe('what the symptom’s phases show of the demand', () => {
  it('is the limit, what the fault left free, and how many entries come a second in the baseline', () => {
    const measured = measuredIn(new Observations(new HistoryBuilder().symptom().over()));
    expect(measured).toMatchObject({ limit: 1000, free: 80 });
    expect(measured?.perSecond).toBeCloseTo(200, 6);
  });

  it('is as many times more where the fault is more demand, and where the baseline was stretched', () => {
    const symptom = (pace: number) =>
      measuredIn(
        new Observations(new HistoryBuilder().symptom({ ...LOSSY, offered: 400 }, { ...MET, pace }).over()),
      );
    expect(symptom(1)?.perSecond).toBeCloseTo(400, 6);
    expect(symptom(4)?.perSecond).toBeCloseTo(1600, 6);
  });

  it('is not known where the fault was not observed', () => {
    expect(measuredIn(new Observations(new HistoryBuilder().over()))).toBeUndefined();
  });
});

describe('raise-max-for-good', () => {
  it('leaves twice as many entries free as will stand: rate × lifetime', () => {
    const measured = { limit: 262_144, free: 1200, perSecond: 1650 };
    expect(raiseMaxForGood.changes(protocol, measured)).toEqual([
      { kind: 'limit', add: 2 * 1650 * 120 - 1200 },
    ]);
  });

  it('takes a request for an entry until a run has measured it', () => {
    expect(raiseMaxForGood.changes(protocol)).toEqual([{ kind: 'limit', add: 2 * 200 * 120 }]);
  });

  it('is left out where the scenario gives no lifetime, and says what it lacks', () => {
    const { lifetime: _, ...without } = protocol;
    const here = { privileged: true, squeeze: 'ballast' } as const;
    expect(whyNotTried(raiseMaxForGood, { protocol: without, ...here })).toMatch(/^needs `lifetime`/);
    expect(whyNotTried(raiseMaxForGood, { protocol: PROTOCOL, ...here })).toMatch(
      /lasting demand; .* is one burst$/,
    );
    expect(whyNotTried(raiseMaxForGood, { protocol, ...here })).toBeUndefined();
  });
});

describe('a run that tries raise-max-for-good', () => {
  const tried = async (lifetime: number) => {
    const deeds: string[] = [];
    const toy: Scenario = {
      ...TOY,
      protocol: (params, environment) => ({ ...TOY.protocol(params, environment), burst: false, lifetime }),
    };
    using tablefull = new Cli((cli) => ({
      labs: [fakeLab(undefined, deeds)],
      scenarios: [toy],
      env: { HOME: cli.folder },
    }));
    const out = `${tablefull.folder}/run`;
    const words = ['toy', '--remedy', 'raise-max-for-good', '--out', out, '--json', '--quiet'];
    const { stdout } = await tablefull.run('run', ...words);
    const { remedies } = JSON.parse(stdout) as { remedies: { status: string; reason: string }[] };
    return { ...remedies[0], applied: deeds.includes('apply limit') };
  };

  it('raises the maximum before the phases it is judged by', async () => {
    expect(await tried(1)).toMatchObject({ status: 'cured', applied: true });
  });

  it('skips it where this machine’s memory can’t hold as much, and says so', async () => {
    expect(await tried(1e12)).toMatchObject({
      status: 'skipped',
      applied: false,
      reason: expect.stringMatching(/ GiB of kernel memory; .* GiB is available$/) as string,
    });
  });
});

describe('raise-max-to-N', () => {
  it('raises the maximum that the run has found to N', () => {
    const remedy = raiseMaxTo('raise-max-to-300000', () => 262_144);
    expect(remedy?.changes(protocol)).toEqual([{ kind: 'limit', add: 37_856 }]);
    const squeezed = { limit: 1200, free: 1200 };
    expect(remedy?.changes(protocol, squeezed)).toEqual([{ kind: 'limit', add: 298_800 }]);
  });

  it.each(['raise-max', 'raise-max-to-', 'raise-max-to-0', 'raise-max-to-1e6'])('is not %s', (name) => {
    expect(raiseMaxTo(name, () => 1)).toBeUndefined();
  });

  it('can be asked for by name, and a dry run prints the value', async () => {
    using tablefull = new Cli({ mayChangeLimit: () => true });
    const { stdout } = await tablefull.run(
      'run',
      'saturate',
      '--remedy',
      'raise-max-to-300000',
      '--expect',
      'raise-max-to-300000=cured',
      '--dry-run',
    );
    expect(stdout).toContain('raise-max-to-300000');
  });
});

describe('a maximum that can’t be had', () => {
  const root = { privileged: true, squeeze: 'ballast' } as const;
  const room = { memory: () => 16 * GIB, buckets: () => 262_144 };
  const raised = (add: number) => [{ kind: 'limit', add } as const];

  it('is refused where memory can’t hold it', () => {
    expect(outOfReach(raised(140_000_000), root, 262_144, room)).toBe(
      'nf_conntrack_max 140,262,144, 140,000,000 entries more, takes 50.1 GiB of kernel memory; 16 GiB is available',
    );
    expect(outOfReach(raised(400_000), root, 262_144, room)).toBeUndefined();
  });

  it('is refused where memory can’t hold the buckets, measured or not', () => {
    const words = 'nf_conntrack_buckets 4,194,304,000 takes 31.3 GiB of kernel memory; 16 GiB is available';
    const buckets = (times: number) => [{ kind: 'buckets', times } as const];
    expect(outOfReach(buckets(16_000), root, 262_144, room)).toBe(words);
    expect(outOfReach(buckets(16_000), root, undefined, room)).toBe(words);
    expect(outOfReach(buckets(4), root, undefined, room)).toBeUndefined();
  });

  it('is refused where there is less ballast than would emulate it', () => {
    const words =
      'nf_conntrack_max 662,144, 400,000 entries more, exceeds the ballast that emulates it: run as root, outside a quick matrix';
    expect(outOfReach(raised(400_000), { ...root, privileged: false }, 262_144, room)).toBe(words);
    const spared = [{ kind: 'limit', add: 400_000, emulated: true } as const];
    expect(outOfReach(spared, root, 262_144, room)).toBe(words);
    expect(outOfReach(raised(3600), { ...root, privileged: false }, 262_144, room)).toBeUndefined();
  });

  it('is refused where it is as high already', () => {
    expect(outOfReach(raised(-5), root, 262_144, room)).toBe(
      'nf_conntrack_max is 262,144 already: nothing to raise',
    );
  });
});
