import { describe, expect, it } from 'vitest';
import { unsound } from '../../../src/scenario/sound.ts';
import { protocolSchema } from '../../../src/schema/protocol.ts';
import { PROTOCOL } from '../judge/history-builder.ts';

const scheduled = (change: object): object => ({ kind: 'event', at: 1, change });
const remedy = (change: object) => ({
  ownRemedies: { ours: { summary: 'ours', expected: 'no-effect', changes: [change] } },
});

/** Each place of a change, bare and scheduled. */
const PLACES = {
  fault: [(change: object) => ({ fault: change }), 'fault'],
  'fault, scheduled': [(change: object) => ({ fault: scheduled(change) }), 'fault.change'],
  aftermath: [(change: object) => ({ aftermath: [change] }), 'aftermath.0'],
  'aftermath, scheduled': [(change: object) => ({ aftermath: [scheduled(change)] }), 'aftermath.0.change'],
  prepare: [(change: object) => ({ prepare: [change] }), 'prepare.0'],
  events: [(change: object) => ({ events: [{ at: 1, change }] }), 'events.0.change'],
  remedy: [remedy, 'ownRemedies.ours.changes.0'],
  'remedy, scheduled': [(change: object) => remedy(scheduled(change)), 'ownRemedies.ours.changes.0.change'],
} as const;
type Where = keyof typeof PLACES;
const EVERYWHERE = Object.keys(PLACES) as readonly Where[];
const SCHEDULED = EVERYWHERE.filter((where) => where === 'events' || where.includes('scheduled'));

interface Rule {
  readonly change: object;
  readonly refused: readonly Where[];
  readonly at?: '.kind';
  readonly why: string;
}

const RULES: Readonly<Record<string, Rule>> = {
  'a resolver where pods have none': {
    change: { kind: 'resolver', options: ['ndots:2'] },
    refused: EVERYWHERE,
    why: 'pods have no resolver; add topology.resolver',
  },
  'a command that is not undone': {
    change: { kind: 'command', node: 'all', run: ['a'], undo: ['b'], check: ['c'] },
    refused: ['fault', 'fault, scheduled', 'aftermath', 'aftermath, scheduled'],
    at: '.kind',
    why: 'a fault can’t be a command, because it is not undone; use another kind',
  },
  'a squeeze as a remedy': {
    change: { kind: 'squeeze', node: 'worker-1', free: 5 },
    refused: ['remedy', 'remedy, scheduled'],
    at: '.kind',
    why: 'a remedy can’t squeeze; use another kind',
  },
  'buckets in the middle of a phase': {
    change: { kind: 'buckets', times: 2 },
    refused: SCHEDULED,
    at: '.kind',
    why: 'the machine’s buckets can’t be changed in the middle of a phase',
  },
};

const CASES = Object.entries(RULES).flatMap(([name, rule]) =>
  EVERYWHERE.map((where) => ({ name, where, rule, refused: rule.refused.includes(where) })),
);

describe('a change is refused or allowed by what it is, however it is written', () => {
  it.each(CASES)('$name, in $where: refused $refused', ({ where, rule, refused }) => {
    const [written, place] = PLACES[where];
    const { resolver: _, ...topology } = PROTOCOL.topology;
    const protocol = protocolSchema.parse({ ...PROTOCOL, topology, ...written(rule.change) });
    const problems = unsound(protocol).filter(({ why }) => why === rule.why);
    expect(problems).toEqual(refused ? [{ place: `${place}${rule.at ?? ''}`, why: rule.why }] : []);
  });
});

it('a scheduled change is undone after it is made, in events and in an event alike', () => {
  const change = { kind: 'flush', node: 'worker-1' };
  const times = { at: 2, until: 1, change };
  for (const part of [{ events: [times] }, { fault: { kind: 'event', ...times } }])
    expect(protocolSchema.safeParse({ ...PROTOCOL, ...part }).error?.issues).toMatchObject([
      { message: 'a change is undone after it is made; give a time after `at`' },
    ]);
});
