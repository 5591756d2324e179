import { readFileSync } from 'node:fs';
import { convert } from 'xmlbuilder2';
import { describe, expect, it } from 'vitest';

const repository = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, repository), 'utf8');

describe.each(['light', 'dark'])('the picture of a run for a page that is %s', (look) => {
  const path = `docs/images/run-${look}.svg`;

  it('is well-formed, and tells what the run found', () => {
    expect(convert(read(path), { format: 'object' })).toHaveProperty('svg');
    expect(read(path)).toMatch(/requests answered, .*table full at [\d,]+, drop \+[\d,]+/);
  });

  it('loads nothing, and is in the README', () => {
    expect(read(path)).not.toMatch(/href|url\(|@import|<script/);
    expect(read('README.md')).toContain(path);
  });
});
