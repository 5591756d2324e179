import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { CLAIMS } from '../../../src/claims/index.ts';
import type { Claim } from '../../../src/claims/claim.ts';
import { evidence, figuresOf, judgeClaim } from '../../../src/claims/judge.ts';
import { parseExpectation } from '../../../src/schema/expectation.ts';
import { rowName, matrixSchema } from '../../../src/schema/matrix.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { CLAIMS_MATRICES } from '../../../src/cli/screen/pages.ts';
import { claimsMarkdown } from '../../../src/report/claims-markdown.ts';
import { Cli } from '../cli/cli.ts';
import { cell, matrixOf } from '../matrix/story.ts';

const all = CLAIMS.flatMap(({ claims }) => claims);
const parts = all.flatMap((claim) => claim.parts.map((part) => ({ claim: claim.ids.join(', '), part })));

const IDS =
  '3a 3b 3c 3d 4a 4b 4c 4d 4e 4f 4g 1a 1b 1c 1m 1n 2c 2a 0a 0b 0c ' +
  '3e 3f 3g 3h 4h 0d 0e 0f 0g 1d 1e 1f 1g 1h 1i 1j 4i 1k 4j 4k 4l 4m 4n 4o 4p 4q 2b ' +
  '0h 4r 1l 4s 4t 4u 0i 5a 5b 5c 5d 5e 5f';

describe('the registry of claims', () => {
  it('has every claim once', () => {
    expect(all.flatMap(({ ids }) => ids).toSorted()).toEqual(IDS.split(' ').toSorted());
  });

  it('judges each by cells, or says why not', () => {
    for (const { ids, parts: own, unjudged } of all)
      expect(own.length > 0 || unjudged !== undefined, ids.join(', ')).toBe(true);
  });

  const rows = SCENARIOS.flatMap((scenario) =>
    scenario.matrix.map(
      (params) => [rowName({ scenario: scenario.name, params: { ...params } }), scenario, params] as const,
    ),
  );

  it.each(parts)(
    'names a cell that there is, and figures that its scenario shows: $claim $part.cell',
    ({ part }) => {
      const [row = '', column = ''] = part.cell.split(' × ');
      const known = rows.find(([name]) => name === row);
      const columns = ['symptom', 'control', ...REMEDIES.map(({ name }) => name)];
      expect(columns).toContain(column);
      if (known === undefined) throw new Error(`no scenario has a row ${row}`);
      const [, scenario, params] = known;
      const { show, symptom } = scenario.protocol(params, {
        kernel: [6, 18],
        squeeze: 'ballast',
        privileged: false,
        realKubeProxy: part.lab === 'kind',
      });
      const shown = [
        ...show,
        symptom.loss,
        ...symptom.when.map((text) => parseExpectation(text).term.figure),
      ];
      // What is counted of any demand, by its unit.
      const unit = symptom.loss.split('.')[0] ?? '';
      const ofDemand = ['failed', 'failed.rate', 'firstFailure', 'outcome[(56)]'].map(
        (name) => `${unit}.${name}`,
      );
      const there = [
        ...shown,
        ...ofDemand,
        'steady',
        'lasts',
        'entries.perOffered',
        'entries.perAnswered',
        'limit',
        'queries.perLookup.one-dot',
      ];
      const names = figuresOf(part).map((name) => name.replace(/^(baseline|confirm)\./, ''));
      expect(names.filter((name) => !there.includes(name))).toEqual([]);
    },
  );
});

describe('a claim', () => {
  const claim: Claim = {
    ids: ['9z'],
    title: 'a title',
    says: 'something',
    parts: [
      { cell: 'a × symptom', is: 'reproduced', where: ['drop.delta > 0'], otherwise: 'Nothing was dropped.' },
      { cell: 'a × be-liberal', is: 'cured', otherwise: 'It left {requests.failed} of them failing.' },
    ],
  };
  const symptom = cell('a', 'symptom', 'reproduced', { figures: { 'drop.delta': 3 } });
  const cured = cell('a', 'be-liberal', 'cured');
  const failing = cell('a', 'be-liberal', 'no-effect', { figures: { 'requests.failed': 1200 } });

  it.each([
    ['true', [symptom, cured]],
    ['partly', [symptom, failing]],
    ['false', [cell('a', 'symptom', 'reproduced', { figures: { 'drop.delta': 0 } }), failing]],
    ['true', [symptom]],
    ['partly', [symptom, failing, cell('b', 'symptom', 'not-reproduced')]],
    ['not judged', []],
    ['not judged', [cell('a', 'symptom', 'inconclusive'), cell('a', 'be-liberal', 'skipped')]],
    ['not judged', [cell('a', 'symptom', 'reproduced')]],
  ] as const)('is %s', (verdict, cells) => {
    expect(judgeClaim(claim, [matrixOf(cells)]).verdict).toBe(verdict);
  });

  it('of a cluster is judged by a cluster’s matrix alone', () => {
    const onOne: Claim = { ...claim, parts: [{ cell: 'a × symptom', lab: 'kind', otherwise: 'No.' }] };
    const asked = { lab: 'kind', squeeze: 'ballast', quick: true, only: [], seed: 7 } as const;
    const embedded = matrixOf([symptom]);
    expect(judgeClaim(onOne, [embedded])).toMatchObject({
      verdict: 'not judged',
      parts: [{ reason: 'there is no matrix of the kind lab' }],
    });
    const both = [embedded, matrixOf([symptom], { asked: { ...asked, only: [] } })];
    expect(judgeClaim(onOne, both).verdict).toBe('true');
    expect(evidence([onOne], embedded, both).cells).toEqual([]);
  });

  it('is judged by the first of a lab’s matrices that can, and rests on no other', () => {
    const old = matrixOf([cell('a', 'symptom', 'reproduced'), cured]);
    const anew = matrixOf([symptom, failing]);
    expect(judgeClaim(claim, [old, anew]).verdict).toBe('true');
    const rest = [old, anew].map((matrix) => evidence([claim], matrix, [old, anew]).cells);
    expect(rest.map((cells) => cells.map(({ remedy }) => remedy))).toEqual([['be-liberal'], ['symptom']]);
  });

  it('that is wrong says what is true instead, with the figures', () => {
    const { parts: judged } = judgeClaim(claim, [matrixOf([symptom, failing])]);
    expect(judged.map(({ reason }) => reason)).toEqual(['', 'It left 1,200 of them failing.']);
  });

  it('that can’t be told says why', () => {
    const skipped = cell('a', 'be-liberal', 'skipped', { reason: 'needs root' });
    const { parts: judged } = judgeClaim(claim, [matrixOf([skipped])]);
    expect(judged.map(({ reason }) => reason)).toEqual([
      'the matrix has no cell a × symptom',
      'a × be-liberal was skipped: needs root',
    ]);
  });

  it('comes to the same by the cells that it rests on alone', () => {
    const none = cell('a', 'symptom', 'reproduced', { figures: { 'requests.offered': 9, samples: 4 } });
    const resets = {
      ...claim,
      parts: [{ cell: 'a × symptom', where: ['requests.outcome[(56)] > 0'], otherwise: 'No.' }],
    };
    const matrix = matrixOf([none, cured]);
    const rests = evidence([resets], matrix, [matrix]);
    expect(rests.cells.map(({ figures }) => figures)).toEqual([{ 'requests.outcome[(56)]': 0 }]);
    expect(judgeClaim(resets, [rests])).toMatchObject({ verdict: 'false' });
  });
});

describe('docs/reference/claims.md', () => {
  const reference = new URL('../../../docs/reference/', import.meta.url);
  const paths = CLAIMS_MATRICES;
  const files = paths.map((path) => basename(path));
  const committed = paths.map((path) =>
    matrixSchema.parse(JSON.parse(readFileSync(path, 'utf8')) as unknown),
  );

  it('is what the cells beside it say', () => {
    expect(claimsMarkdown(committed)).toBe(readFileSync(new URL('claims.md', reference), 'utf8'));
  });

  it('is made by one command, which made them all', async () => {
    using tablefull = new Cli();
    const { code, stderr } = await tablefull.run('claims', ...paths, '--out', tablefull.folder);
    const made = ['claims.md', ...files];
    expect([code, stderr.trim().split('\n')]).toEqual([0, made.map((name) => join(tablefull.folder, name))]);
    for (const name of made)
      expect(readFileSync(join(tablefull.folder, name), 'utf8')).toBe(
        readFileSync(new URL(name, reference), 'utf8'),
      );
    expect((await tablefull.run('claims', ...paths)).stdout).toBe(claimsMarkdown(committed));
  });

  it('can’t be made of what is no matrix', async () => {
    using tablefull = new Cli();
    const { code, stderr } = await tablefull.run('claims', tablefull.folder);
    expect(code).toBe(64);
    expect(stderr).toMatch(
      /^tablefull: can't read .*matrix.json: no such file or directory \(ENOENT\); name the folder of a matrix\n$/,
    );
  });
});
