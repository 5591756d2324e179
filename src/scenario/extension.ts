import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { NoProtocol, protocolFrom, type Params, type Scenario } from './define.ts';
import type { Problem } from './explain-issue.ts';
import { linesOn, NoScenario, type Located } from './located.ts';
import { merge } from './merge.ts';
import type { extensionSchema } from '../schema/scenario-file.ts';
import { suggestion } from '../util/nearest.ts';

/** A parsed scenario file with `extends`, and where its parts are. */
interface Extension {
  readonly file: string;
  readonly parsed: z.infer<typeof extensionSchema>;
  readonly positionOf: Located['at'];
}

/**
 * A scenario that changes another: the other’s protocol, with this file merged into it.
 *
 * @param bases the scenarios that a file may extend
 * @throws NoScenario where the base or one of its parameters does not exist
 */
export function extended({ file, parsed, positionOf }: Extension, bases: readonly Scenario[]): Located {
  const { name, summary, extends: of, params, ...patch } = parsed;
  const at = (place: string): string => {
    const [key = ''] = place.split('.');
    return positionOf(key in parsed ? place : 'extends');
  };
  const base = bases.find((each) => each.name === of);
  const problems =
    base === undefined
      ? [
          {
            place: 'extends',
            why: `unknown scenario ${of}; ${suggestion(
              of,
              bases.map((each) => each.name),
            )}`,
          },
        ]
      : paramProblems(of, params, base.params);
  if (base === undefined || problems.length > 0) throw new NoScenario(linesOn(file, at, problems));

  const protocol: Scenario['protocol'] = (_, environment) => {
    const merged = merge(base.protocol(params, environment), patch);
    if (merged.problems.length > 0) throw new NoProtocol(name, merged.problems);
    return protocolFrom(name, merged.value, environment, dirname(resolve(file)));
  };
  return {
    scenario: { name, summary: summary ?? base.summary, params: {}, matrix: [{}], protocol },
    at,
  };
}

function paramProblems(
  of: string,
  given: Readonly<Record<string, string>>,
  params: Params,
): readonly Problem[] {
  const names = Object.keys(params);
  return Object.entries(given).flatMap(([name, value]) => {
    const place = `params.${name}`;
    const param = params[name];
    if (param === undefined) {
      const use = names.length === 0 ? 'it has none' : suggestion(name, names);
      return [{ place, why: `unknown parameter of ${of}; ${use}` }];
    }
    if (param.values.includes(value)) return [];
    return [{ place, why: `is "${value}"; use ${param.values.join(' or ')}` }];
  });
}
