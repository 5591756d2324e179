import { describe, expect, it } from 'vitest';
import { Clearing } from '../../../src/agent/clearing.ts';

const MARK = 7;

/** A node's table with ballast, cleared by mark 7; `flushed` counts the walks that it cost. */
function cleared() {
  const node = { demand: 0, ballast: 1000, evicted: 0, flushed: 0, renewed: 0 };
  const host = {
    table: () => ({ entries: node.demand + node.ballast - node.evicted }),
    flushMark: (mark: number) => {
      expect(mark).toBe(MARK);
      node.demand = 0;
      node.flushed++;
      return Promise.resolve();
    },
  };
  const ballasts = {
    entries: () => node.ballast,
    renew: () => {
      node.evicted = 0;
      node.renewed++;
      return Promise.resolve();
    },
  };
  return { node, clearing: new Clearing([['worker-1', MARK]], () => host, ballasts) };
}

describe('clearing a lab’s tables', () => {
  it('flushes a table that it does not know yet, and one that traffic has used', async () => {
    const { node, clearing } = cleared();
    node.demand = 40;
    await clearing.clear();
    expect(node).toMatchObject({ demand: 0, flushed: 1 });
    clearing.used();
    await clearing.clear();
    expect(node.flushed).toBe(2);
  });

  it('leaves a table alone that holds what it left, and says so without a walk', async () => {
    const { node, clearing } = cleared();
    await clearing.clear();
    await clearing.clear();
    expect(node).toMatchObject({ flushed: 1, renewed: 1 });
  });

  it('flushes a table into which stragglers came, or from which ballast was evicted', async () => {
    const { node, clearing } = cleared();
    await clearing.clear();
    node.demand = 1;
    await clearing.clear();
    expect(node).toMatchObject({ demand: 0, flushed: 2 });
    node.evicted = 3;
    await clearing.clear();
    expect(node).toMatchObject({ evicted: 0, flushed: 3, renewed: 3 });
  });

  it('takes ballast that a remedy gives back for what it is', async () => {
    const { node, clearing } = cleared();
    await clearing.clear();
    node.ballast -= 600;
    await clearing.clear();
    expect(node.flushed).toBe(1);
  });
});
