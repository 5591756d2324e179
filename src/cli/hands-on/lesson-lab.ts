import type { RunRequest } from '../../run/execute.ts';
import { protocolSchema } from '../../schema/protocol.ts';
import { suggestion } from '../../util/nearest.ts';
import type { Lesson } from '../../workshop/lesson.ts';
import { LESSONS } from '../../workshop/lessons/index.ts';
import { MYTHS } from '../../workshop/myths.ts';
import { UsageError } from '../exit-codes.ts';
import { handsOnRequest, type HandsOn, type HandsOnOptions } from './request.ts';
import type { VerbContext } from '../verb-context.ts';

/** @throws UsageError naming one that there is */
export function lessonNamed(name: string): Lesson {
  const lesson = LESSONS.find((each) => each.name === name);
  if (lesson !== undefined) return lesson;
  const names = [...LESSONS, MYTHS].map((each) => each.name);
  throw new UsageError(`unknown lesson ${name}; ${suggestion(name, names)}`);
}

/**
 * What the lab of a lesson is opened from: its scenario with its own parameters and fields, and no remedy.
 *
 * @param clusters whether a cluster will do
 * @throws UsageError as `handsOn`
 */
export async function lessonLab(
  { scenario, params = {}, demand }: Lesson,
  options: Omit<HandsOnOptions, 'remedy' | 'param'>,
  argv: readonly string[],
  context: VerbContext,
  clusters = false,
): Promise<HandsOn> {
  const asked = { ...options, remedy: ['none'], param: params };
  const opened = await handsOnRequest(scenario, asked, argv, context, clusters);
  return { ...opened, request: withDemand(opened.request, demand) };
}

/** The request with fields of the lesson’s own in the demand. */
function withDemand(request: RunRequest, fields: Lesson['demand']): RunRequest {
  if (fields === undefined) return request;
  return {
    ...request,
    protocol: (given) => {
      const protocol = request.protocol(given);
      return protocolSchema.parse({ ...protocol, demand: { ...protocol.demand, ...fields } });
    },
  };
}
