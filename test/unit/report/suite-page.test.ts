import { describe, expect, it } from 'vitest';
import { suitePage } from '../../../src/report/html/suite-page.ts';
import type { Suite } from '../../../src/schema/suite.ts';
import { runOf, suiteOf } from '../suite/story.ts';

const page = (suite: Suite): string => suitePage(suite, () => undefined);

describe('the page of a suite', () => {
  it('says what was not restored, and the command that restores it', () => {
    const left = ['nf_conntrack_max is 1200, was 262144'];
    const html = page({ ...suiteOf([runOf('saturate')]), restore: { status: 'incomplete', left } });
    expect(html).toContain(left[0]);
    expect(html).toContain('<code>tablefull restore</code>');
  });

  it('says why a run did not start, and on which line it is', () => {
    const summary = 'Docker does not answer; start it';
    const html = page(
      suiteOf([
        {
          ...runOf('saturate'),
          run: null,
          attempts: 0,
          results: [],
          outcome: { headline: 'NOT RUN', exitCode: 2, summary },
        },
      ]),
    );
    expect(html).toContain('<h1>Nothing was judged.</h1>');
    expect(html).toMatch(new RegExp(`tablefull.yaml:3.*NOT RUN.*${summary}`));
  });
});
