import { describe, expect, it } from 'vitest';
import { manifestBlock } from '../../../src/report/manifest-block.ts';
import type { RemedyVerdict } from '../../../src/schema/verdict.ts';

function remedy(manifest: RemedyVerdict['manifest']): RemedyVerdict {
  return {
    name: 'ours',
    expected: 'cured',
    status: 'cured',
    inFlight: 'skipped',
    emulated: false,
    reason: 'met',
    figures: {},
    ...(manifest && { manifest }),
  };
}
const report = { how: 'translated', lines: [], gaps: [], findings: [] } as const;

describe('a manifest on the screen', () => {
  it('has what is wrong with it first, then what stands for what, then what is not translated', () => {
    const block = manifestBlock(
      remedy({ ...report, gaps: ['c: why'], lines: ['b → here'], findings: ['a crash-loops'] }),
      80,
    );
    expect(block).toEqual([
      '    finding: a crash-loops',
      '    translated: b → here',
      '    not translated: c: why',
    ]);
  });

  it('is cut where it is long, and says where the rest is', () => {
    const lines = Array.from({ length: 9 }, (_, i) => `line ${String(i)}`);
    const block = manifestBlock(remedy({ ...report, lines }), 80);
    expect(block).toHaveLength(7);
    expect(block.at(-1)).toBe('    and 3 lines more of ours: see verdict.json');
  });

  it('is nothing for other remedies', () => {
    expect(manifestBlock(remedy(undefined), 80)).toEqual([]);
  });
});
