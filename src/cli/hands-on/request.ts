import type { LabEntry } from '../../lab/entry.ts';
import type { Machine, RunRequest } from '../../run/execute.ts';
import { UsageError } from '../exit-codes.ts';
import { checkState } from '../request/out-folder.ts';
import { machineOf } from '../shared-machine.ts';
import { labFor, requestFrom, type RunOptions } from '../request/request.ts';
import type { VerbContext } from '../verb-context.ts';

/** The options of a command that opens a lab for a person. */
export type HandsOnOptions = Pick<RunOptions, 'lab' | 'remedy' | 'param' | 'seed' | 'pace' | 'wait'>;

/** The options of a run that a person at the lab has no use for. */
const NOT_ASKED = { expect: {}, control: false, singlePass: false, keepLab: false, commands: true } as const;

/** What a lab that a person enters is opened from. */
export interface HandsOn {
  readonly request: RunRequest;
  readonly lab: LabEntry;
  readonly machine: Machine;
}

/**
 * @param clusters whether a cluster will do, which is entered with kubectl
 * @throws UsageError where nobody can enter such a lab, or the scenario is unknown; Unavailable where none can find it
 */
export async function handsOnRequest(
  scenario: string,
  options: HandsOnOptions,
  argv: readonly string[],
  context: VerbContext,
  clusters = false,
): Promise<HandsOn> {
  const lab = labFor(options.lab, context);
  const { realKubeProxy } = lab;
  const isCluster = lab.reusing !== undefined;
  if (isCluster && !clusters)
    throw new UsageError(`--lab ${lab.name}: nobody can enter a cluster this way; use --lab netns`);
  checkState(context.env);
  const request = await requestFrom(
    scenario,
    // A lab that stands for long must not hold the machine’s limit.
    { ...NOT_ASKED, ...options, squeeze: isCluster ? 'ballast' : lab.squeeze, realKubeProxy },
    argv,
    context,
  );
  return { request, lab, machine: machineOf(lab, context) };
}
