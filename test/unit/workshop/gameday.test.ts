import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { address } from '../../../src/lab/netns/addresses.ts';
import { protocolSchema, type Protocol } from '../../../src/schema/protocol.ts';
import { CAUSES, failureOf } from '../../../src/workshop/gameday/failures.ts';
import { neutral } from '../../../src/workshop/gameday/neutral.ts';
import { lineOf, sayEvent } from '../../../src/workshop/gameday/text.ts';

const HERE = { kernel: [6, 18] as const, squeeze: 'ballast' as const, privileged: false };
const FAILURES = new Map(Array.from({ length: 50 }, (_, seed) => [failureOf(seed).name, failureOf(seed)]));

describe.each([...FAILURES.values()].map((lesson) => [lesson.name, lesson] as const))(
  'on a game day %s',
  (_, lesson) => {
    const scenario = SCENARIOS.find(({ name }) => name === lesson.scenario);
    const protocol = (): Protocol => {
      if (scenario === undefined) throw new Error(`no scenario ${lesson.scenario}`);
      return scenario.protocol(lesson.params ?? {}, HERE);
    };

    it('has pods and services whose names tell nothing, and is otherwise the same', () => {
      const [told, neutrally] = [protocol(), neutral(protocol())];
      expect(protocolSchema.parse(neutrally)).toEqual(neutrally);
      const named = address(neutrally.topology);
      const names = [...named.pods, ...named.services]
        .map(({ name }) => name)
        .filter((name) => name !== 'kube-dns');
      const before = [...Object.keys(told.topology.pods), ...Object.keys(told.topology.services)];
      for (const name of names) expect(before.some((each) => name.startsWith(each))).toBe(false);
      expect(named.pods.map(({ ip, node }) => [ip, node])).toEqual(
        address(told.topology).pods.map(({ ip, node }) => [ip, node]),
      );
      expect(neutrally.symptom).toEqual(told.symptom);
    });

    it('is among the causes', () => {
      expect(CAUSES).toContain(lesson.cause);
    });
  },
);

describe('what a person types on a game day', () => {
  it.each([
    ['check', { do: 'check' }],
    ['cause full-table', { do: 'cause', name: 'full-table' }],
    ['q', { do: 'end' }],
    ['cause', expect.stringContaining('name one') as string],
    ['fix it', expect.stringContaining('"fix" is not a command') as string],
  ])('%j is %j', (line, request) => {
    expect(lineOf(line)).toEqual(request);
  });

  it('is scored in words', () => {
    const score = {
      cause: 'full-table',
      wrongGuesses: 1,
      cured: true,
      commands: 0,
      detected: 12.5,
      seconds: 90,
    };
    expect(sayEvent({ event: 'score', ...score })).toEqual([
      'it was: full-table',
      'detected 12.5 s, wrong guesses 1; mitigated never; cured; 90 s in all',
    ]);
  });
});
