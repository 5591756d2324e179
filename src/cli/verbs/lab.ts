import type { KeptLabs, LabUpOptions } from '../../lab/kept.ts';
import { Unavailable, unavailable } from '../../run/stops.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import { shaped } from '../request/request.ts';
import { watchSignals } from '../signals.ts';
import { print, printJson, say, toStderr, type VerbContext } from '../verb-context.ts';
import { messageOf } from '../../util/error-text.ts';
import { OptionError } from '../../util/option-error.ts';

/** `lab up kind`: creates a cluster for many runs. @returns the exit code */
export async function labUpVerb(
  kind: string,
  { kindConfig, ...options }: LabUpOptions & { readonly kindConfig?: string },
  context: VerbContext,
): Promise<number> {
  const kept = await keptLabs(kind, kindConfig, context);
  const signal = watchSignals(context.signals, toStderr(context));
  const name = await kept.up(options, toStderr(context), signal).catch((error: unknown) => {
    signal.throwIfAborted();
    if (error instanceof OptionError) throw error;
    throw new Unavailable(messageOf(error), { cause: error });
  });
  print(context, name);
  say(
    context,
    `run in it: \`tablefull run saturate --lab ${kind} --reuse ${name}\`; delete it: \`tablefull lab down ${name}\``,
  );
  return EXIT.ok;
}

/** `lab list`: existing labs, and whether they answer. */
export async function labListVerb(
  { json }: { readonly json: boolean },
  context: VerbContext,
): Promise<number> {
  const all = (await Promise.all(context.labs.map(async ({ kept }) => (await kept?.list()) ?? []))).flat();
  if (json) printJson(context, { schema: 'tablefull/labs/v1', labs: all });
  else if (all.length === 0) say(context, 'no labs; `tablefull lab up kind` creates a cluster');
  else
    for (const { name, lab, health, about } of all)
      print(context, `${name.padEnd(20)}  ${lab}  ${health.padEnd(10)}  ${about}`);
  return EXIT.ok;
}

/** `lab down NAME`: deletes a lab that tablefull created. @returns 3 where something was not restored */
export async function labDownVerb(name: string, context: VerbContext): Promise<number> {
  for (const { kept } of context.labs) {
    const report = await kept?.down(name).catch(unavailable);
    if (report === undefined) continue;
    const { restored, left } = report;
    for (const line of restored) say(context, line);
    for (const line of left) say(context, `NOT RESTORED ${name}: ${line}`);
    return report.status === 'complete' ? EXIT.ok : EXIT.left;
  }
  throw new UsageError(`unknown lab ${name}; \`tablefull lab list\` lists the labs that tablefull created`);
}

async function keptLabs(
  kind: string,
  kindConfig: string | undefined,
  { labs }: VerbContext,
): Promise<KeptLabs> {
  const lab = labs.find(({ name }) => name === kind);
  const kept = lab && (await shaped(lab, kindConfig)).kept;
  if (kept !== undefined) return kept;
  const names = labs.flatMap((lab) => (lab.kept === undefined ? [] : [lab.name])).join(', ');
  throw new UsageError(`lab up ${kind}: such a lab can’t be kept; use ${names}`);
}
