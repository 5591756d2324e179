import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { namesOf } from '../../../src/figure/figure.ts';
import { FIGURE_GROUPS } from '../../../src/figure/index.ts';
import { figureNamed, rangeOf, unitOf, whyNoFigure } from '../../../src/figure/names.ts';
import { recordedEventSchema } from '../../../src/schema/recorded-event.ts';
import type { Protocol } from '../../../src/schema/protocol.ts';
import { verdictSchema } from '../../../src/schema/verdict.ts';
import { PROTOCOL } from '../judge/history-builder.ts';

const RUNS = join(import.meta.dirname, '../../fixtures/runs');
/** Figures that a verdict has of another phase, or of a remedy's whole cycle. */
const ELSEWHERE = /^(baseline|confirm|live)\.|^(steady|lasts)$/;

it.each(readdirSync(RUNS))('every figure of the old run %s is declared', (name) => {
  const [first = ''] = gunzipSync(readFileSync(join(RUNS, name, 'history.jsonl.gz')))
    .toString()
    .split('\n');
  const header = recordedEventSchema.parse(JSON.parse(first));
  if (header.type !== 'run') throw new Error('a history begins with a run event');
  const { symptom, remedies } = verdictSchema.parse(
    JSON.parse(readFileSync(join(RUNS, name, 'verdict.json'), 'utf8')),
  );
  const names = [symptom, ...remedies].flatMap(({ figures }) => Object.keys(figures));
  expect(names.length).toBeGreaterThan(100);
  const undeclared = names.filter(
    (each) => !ELSEWHERE.test(each) && figureNamed(each, header.protocol) === undefined,
  );
  expect([...new Set(undeclared)]).toEqual([]);
});

it('no name means two figures', () => {
  const all = FIGURE_GROUPS.flatMap(({ figures }) => figures);
  const names = all.flatMap((figure) => {
    const scope = figure.scope === 'lab' ? 'node' : figure.scope;
    return namesOf(figure).map((name) => `${scope} ${name}`);
  });
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

it.each([
  ['requests.outcome[(28)]', undefined],
  ['worker-2.requests.failed', undefined],
  ['worker-2.drop.delta', undefined],
  ['worker-2.requests.failed.rate', 'unknown figure worker-2.requests.failed.rate; figures begin with'],
  ['worker-2.drop.dleta', 'did you mean worker-2.drop.delta?'],
  ['requests.faild', 'did you mean requests.failed?'],
  ['warning.80', 'unknown figure warning.80; did you mean warning.90?'],
  ['pod.app-0', 'write pod.NAME.entries with NAME a pod’s name'],
  ['kubeproxy.cpu', 'kubeproxy.cpu is not read; add inspect: [kube-proxy]'],
  ['queries', 'queries is not read; add a service with app: dns'],
])('of %s is said: %s', (name, why) => {
  if (why === undefined) expect(whyNoFigure(name, PROTOCOL)).toBeUndefined();
  else expect(whyNoFigure(name, PROTOCOL)).toContain(why);
});

describe('the figures of a pod’s own table', () => {
  const server = { nodes: ['worker-2'], replicas: 1 };
  const pods = { ...PROTOCOL.topology.pods, server: { ...server, ownTable: true } };
  const protocol: Protocol = { ...PROTOCOL, topology: { ...PROTOCOL.topology, pods } };

  it.each([
    ['server-0.entries.max', undefined],
    ['server-0.invalid.delta', undefined],
    ['server-0.invalid.dleta', 'did you mean server-0.invalid.delta?'],
    ['server-0.packets.offered', 'unknown figure server-0.packets.offered'],
    ['server-1.entries.max', 'unknown figure server-1.entries.max'],
  ])('of %s is said: %s', (name, why) => {
    if (why === undefined) expect(whyNoFigure(name, protocol)).toBeUndefined();
    else expect(whyNoFigure(name, protocol)).toContain(why);
  });

  it('are unknown of a set that is not sampled', () => {
    expect(whyNoFigure('server-0.entries.max', PROTOCOL)).toContain('unknown figure');
  });
});

it('a loss is told from the load that it is of, not from where the dots in its name are', () => {
  const protocol: Protocol = { ...PROTOCOL, background: { churn: PROTOCOL.demand } };
  expect(unitOf('requests.failed.rate', protocol)).toBe('requests');
  expect(unitOf('churn.slow.rate', protocol)).toBe('churn');
  expect(unitOf('kubeproxy.cpu.share', protocol)).toBeUndefined();
  expect(unitOf('back.late', protocol)).toBeUndefined();
});

it('the range of a figure comes from its declaration', () => {
  expect(rangeOf('free.min', PROTOCOL)).toEqual([-Infinity, Infinity]);
  expect(rangeOf('worker-2.entries.deriv', PROTOCOL)).toEqual([-Infinity, Infinity]);
  expect(rangeOf('requests.slow.rate', PROTOCOL)).toEqual([0, 1]);
  expect(rangeOf('requests.outcome[(28)]', PROTOCOL)).toEqual([0, 200]);
  expect(rangeOf('kubeproxy.cpu.share', PROTOCOL)).toEqual([0, Infinity]);
});
