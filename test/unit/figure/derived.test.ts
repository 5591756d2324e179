import { expect, it } from 'vitest';
import { derivedFrom } from './phase-figures.ts';

it('insert races are counted for each of the demand, resolved and lost ones', () => {
  const races = { 'clash_resolve.delta': 30, 'insert_failed.delta': 25, 'chaintoolong.delta': 5 };
  expect(derivedFrom({ ...races, 'requests.offered': 100 })['clashes.perOffered']).toBe(0.5);
  expect(derivedFrom({ ...races, 'requests.offered': 0 })).not.toHaveProperty(['clashes.perOffered']);
  expect(derivedFrom({ 'requests.offered': 100 })).not.toHaveProperty(['clashes.perOffered']);
});

it('a lost insert race drops a packet that had passed, which conservation knows', () => {
  const packets = { 'packets.before': 100, 'packets.after': 100 };
  const lost = { 'drop.delta': 7, 'insert_failed.delta': 7, 'chaintoolong.delta': 0 };
  expect(derivedFrom({ ...packets, ...lost }).conservation).toBe(0);
  expect(derivedFrom({ ...packets, 'packets.after': 93, 'drop.delta': 7 }).conservation).toBe(0);
});

it('what stands in the long run for each request a second is each state’s entries by their time', () => {
  const figures = {
    ...{ 'state.TIME_WAIT': 300, 'timeout.TIME_WAIT': 120 },
    ...{ 'state.UDP': 100, 'timeout.UDP': 30 },
    'requests.offered': 100,
  };
  expect(derivedFrom(figures)['entries.perRate']).toBe(390);
});

it('what stands in the long run is not known where the entries were not looked at', () => {
  for (const figures of [
    { 'timeout.UDP': 30, 'requests.offered': 100 },
    { 'state.UDP': 1, 'requests.offered': 0 },
  ])
    expect(derivedFrom(figures)).not.toHaveProperty(['entries.perRate']);
});

it('what other nodes have no route for went astray, and what the node under test has none for did not', () => {
  const figures = {
    'packets.noRoute': 40,
    'worker-2.packets.noRoute': 30,
    'worker-3.packets.noRoute': 20,
    'requests.offered': 100,
  };
  expect(derivedFrom(figures)['astray.perOffered']).toBe(0.5);
  expect(derivedFrom({ 'packets.noRoute': 40, 'requests.offered': 100 })).not.toHaveProperty([
    'astray.perOffered',
  ]);
});

it('evictions are set against drops, and against what was offered', () => {
  const figures = derivedFrom({
    ...{ 'early_drop.delta': 2_325, 'drop.delta': 16_011 },
    'requests.offered': 20_480,
  });
  expect(figures['evicted.share']).toBeCloseTo(0.127, 3);
  expect(figures['evicted.excess']).toBe(-13_686);
});

it('evictions have no share where there was room for all', () => {
  const { 'evicted.excess': excess, ...figures } = derivedFrom({
    ...{ 'early_drop.delta': 0, 'drop.delta': 0 },
    'requests.offered': 10,
  });
  expect([excess, figures['evicted.rate']]).toEqual([0, 0]);
  expect(figures).not.toHaveProperty(['evicted.share']);
});

it('kube-proxy’s share of a CPU is not known of a phase whose end was not recorded', () => {
  expect(derivedFrom({ 'kubeproxy.cpu': 1 })).not.toHaveProperty(['kubeproxy.cpu.share']);
});
