import { describe, expect, it } from 'vitest';
import { HandsOnLab } from '../../../src/play/hands-on-lab.ts';
import { PlaySession } from '../../../src/play/session.ts';
import { commandOf, type Shown } from '../../../src/play/state.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { fakeLab, type Mishap } from '../cli/cli.ts';
import { HistoryBuilder } from '../judge/history-builder.ts';
import { NEVER } from '../support/never.ts';

const HERE = REMEDIES.filter(({ name }) => ['raise-max', 'be-liberal'].includes(name));

/** A session at a lab in memory, in which raising the limit cures. */
async function session(mishap: Mishap = () => undefined) {
  const deeds: string[] = [];
  const lab = fakeLab(mishap, deeds);
  const [header] = new HistoryBuilder().events;
  if (header?.type !== 'run') throw new Error('no header');
  const signal = NEVER;
  const handsOn = await HandsOnLab.open(
    {
      header,
      epoch: 0n,
      pace: 1,
      pause: () => Promise.resolve(),
      listen: () => undefined,
      room: { memory: () => Infinity, buckets: () => 0 },
      open: (sink) =>
        lab.open({
          ...{ protocol: header.protocol, changes: [], squeeze: 'ballast', privileged: false, seed: 7 },
          ...{ epoch: 0n, sink, say: () => undefined, onLeft: () => undefined, signal },
        }),
    },
    () => undefined,
    signal,
  );
  const played = new PlaySession(handsOn, HERE, { show: () => undefined, shell: () => Promise.resolve() });
  const type = async (...lines: readonly string[]): Promise<Shown | undefined> => {
    for (const line of lines)
      await played.take({ type: 'command', command: commandOf(line, played.state.choices) });
    return played.state.shown[0];
  };
  return { type, played, deeds, handsOn };
}

describe('a session at a lab', () => {
  it('begins with the fault in place, after a demand without it', async () => {
    const { deeds, handsOn } = await session();
    await using _ = handsOn;
    expect(deeds.filter((deed) => !/reserve|release/.test(deed))).toEqual([
      'open',
      'symptom baseline',
      'clear',
      'apply squeeze',
    ]);
  });

  it('shows the symptom at the first offer, and the judge’s word on what stands after it', async () => {
    const { type, handsOn } = await session();
    await using _ = handsOn;
    expect(await type('r')).toMatchObject({ number: 1, applied: [], fresh: true, status: 'reproduced' });
    expect(await type('be-liberal', 'f', 'r')).toMatchObject({
      applied: ['be-liberal'],
      status: 'no-effect',
    });
    expect(await type('be-liberal', 'raise-max', 'f', 'r')).toMatchObject({
      applied: ['raise-max'],
      status: 'cured',
    });
  });

  it('gives no verdict on a table that was used', async () => {
    const { type, handsOn } = await session();
    await using _ = handsOn;
    const shown = await type('r', 'raise-max', 'r');
    expect(shown).toMatchObject({ fresh: false, applied: ['raise-max'] });
    expect(shown?.status).toBeUndefined();
  });

  it('says what to compare with where a remedy came first', async () => {
    const { type, handsOn } = await session();
    await using _ = handsOn;
    const shown = await type('be-liberal', 'r');
    expect(shown).toMatchObject({ reason: 'to compare: undo the remedy, f, r' });
    expect(shown?.status).toBeUndefined();
  });

  it('puts ballast back before what stands when the table is filled again', async () => {
    const { type, deeds, handsOn } = await session();
    await using _ = handsOn;
    await type('r', 'raise-max');
    deeds.length = 0;
    await type('f');
    expect(deeds).toEqual(['clear', 'undo limit', 'apply squeeze', 'apply limit']);
  });

  it('knows that the table was cleared where a raised limit was undone', async () => {
    const { type, played, handsOn } = await session();
    await using _ = handsOn;
    await type('raise-max', 'r', 'raise-max');
    expect([handsOn.fresh, played.state.fresh]).toEqual([true, true]);
    expect(played.state.message).toBe('raise-max is undone: r offers the demand');
  });

  it('tries an undo that failed once more when it is asked for again', async () => {
    let failed = false;
    const { type, played, deeds, handsOn } = await session((deed) => {
      if (deed !== 'undo sysctl' || failed) return;
      failed = true;
      throw new Error('busy');
    });
    await using _ = handsOn;
    await type('be-liberal', 'be-liberal');
    expect(played.state.message).toContain('busy');
    deeds.length = 0;
    await type('be-liberal');
    expect(deeds).toEqual(['undo sysctl']);
    expect(played.state.message).toContain('be-liberal is undone');
  });

  it('goes on when something fails', async () => {
    const { type, played, handsOn } = await session((deed) => {
      if (deed === 'apply sysctl') throw new Error('read-only');
    });
    await using _ = handsOn;
    await type('be-liberal');
    expect(played.state).toMatchObject({ message: 'read-only', busy: undefined });
    expect(await type('r')).toMatchObject({ applied: [], status: 'reproduced' });
  });

  it('ends by q, and takes the lab down', async () => {
    const { type, played, deeds, handsOn } = await session();
    await type('q');
    expect(played.ended.aborted).toBe(true);
    await handsOn[Symbol.asyncDispose]();
    expect(deeds.at(-1)).toBe('down');
  });
});
