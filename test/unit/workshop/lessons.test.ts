import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { PAGE_KINDS, readPage } from '../../../src/cli/screen/pages.ts';
import { address } from '../../../src/lab/netns/addresses.ts';
import { LESSONS } from '../../../src/workshop/lessons/index.ts';

const KERNEL = { kernel: [6, 18] as const, squeeze: 'ballast' as const, privileged: false };

describe.each(LESSONS.map((lesson) => [lesson.name, lesson] as const))('the lesson %s', (name, lesson) => {
  const scenario = SCENARIOS.find((each) => each.name === lesson.scenario);
  const places = (): readonly string[] => {
    if (scenario === undefined) throw new Error(`no scenario ${lesson.scenario}`);
    const { nodes, pods } = address(scenario.protocol(lesson.params ?? {}, KERNEL).topology);
    return [...nodes, ...pods].map((each) => each.name);
  };

  it('has a scenario, and its places are nodes or pods of it', () => {
    const fixes = [...lesson.right, ...lesson.wrong].flatMap(({ lines }) => lines.map(({ place }) => place));
    expect(places()).toEqual(expect.arrayContaining([lesson.place, ...fixes]));
  });

  it('does not tell its cause by its name, its title or its report', () => {
    const told = `${name} ${lesson.title} ${lesson.report}`.toLowerCase();
    for (const word of ['conntrack', 'nf_', 'rp_filter', 'ndots', 'invalid', lesson.scenario])
      if (!places().some((place) => place.includes(word))) expect(told).not.toContain(word);
  });

  it('is solved by each right fix, and by no wrong one', () => {
    expect(lesson.right.map(({ outcome }) => outcome === 'cured')).not.toContain(false);
    expect(lesson.wrong.map(({ outcome }) => outcome === 'cured')).not.toContain(true);
  });

  it('has fixes that change something, by files where it asks for files', () => {
    for (const { lines, file } of [...lesson.right, ...lesson.wrong])
      expect(lesson.byFile === true ? file !== undefined : lines.length > 0).toBe(true);
  });

  it('names pages that exist', () => {
    const missing = lesson.pages.filter((name) => !PAGE_KINDS.some((kind) => readPage(kind, name)));
    expect(missing).toEqual([]);
  });

  it('takes 10 to 20 minutes, and has three hints or more', () => {
    expect(lesson.minutes).toBeGreaterThanOrEqual(10);
    expect(lesson.minutes).toBeLessThanOrEqual(20);
    expect(lesson.hints.length).toBeGreaterThanOrEqual(3);
  });
});

it('each lesson has a name of its own', () => {
  expect(new Set(LESSONS.map(({ name }) => name)).size).toBe(LESSONS.length);
});
