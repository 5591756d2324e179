import type { Check } from '../../lab/entry.ts';
import { availableParallelism, release, totalmem } from 'node:os';
import { byFormula, byKernel, byKubeProxy, type Machine } from '../../kernel/sizing.ts';
import { kernelVersion } from '../../util/kernel-version.ts';
import { hanging, readable, wrap } from '../../report/layout.ts';
import { asTyped } from '../../report/rerun.ts';
import { npmScript } from '../npm/npm-script.ts';
import { noJail } from '../../workshop/seats/jail.ts';
import { EXIT } from '../exit-codes.ts';
import { labFor } from '../request/request.ts';
import { print, printJson, type VerbContext } from '../verb-context.ts';

const NODE_AT_LEAST = 24;

/** `doctor`: a row per check, with a fix where it fails. @returns 2 where something needed is missing */
export async function doctorVerb(
  { json, lab }: { readonly json: boolean; readonly lab?: string },
  context: VerbContext,
): Promise<number> {
  const entry = labFor(lab, context);
  const checks = [
    nodeCheck(process.versions.node),
    ...(await entry.checks()),
    sizingCheck(thisMachine(), release()),
    seatsCheck(context),
    kernelLogCheck(context),
    await leftoversCheck(context),
  ];
  if (json) printJson(context, { schema: 'tablefull/doctor/v1', lab: entry.name, checks });
  else {
    const width = Math.max(...checks.map(({ name }) => name.length));
    const columns = readable(context.stdout.columns ?? 80);
    for (const check of asTyped(npmScript(context.env), checks)) print(context, row(check, width, columns));
  }
  return checks.some(({ status }) => status === 'missing') ? EXIT.environment : EXIT.ok;
}

/** @param width of the names @param columns of the screen */
function row({ name, status, found, fix }: Check, width: number, columns: number): string {
  const start = `${status.padEnd('missing'.length)}  ${name.padEnd(width)}  `;
  const indent = ' '.repeat(start.length);
  return [
    ...hanging(`${start}${found}`, columns, indent),
    ...(fix === undefined ? [] : wrap(`fix: ${fix}`, columns, indent)),
  ].join('\n');
}

/** @param version as in process.versions.node */
export function nodeCheck(version: string): Check {
  const found = `${version} at ${process.execPath}`;
  if (Number.parseInt(version, 10) >= NODE_AT_LEAST) return { name: 'node', status: 'ok', found };
  return {
    name: 'node',
    status: 'missing',
    found,
    fix: `npm ci installs Node ${String(NODE_AT_LEAST)} for npm run; or install it`,
  };
}

function thisMachine(): Machine {
  const bits = process.arch === 'arm' || process.arch === 'ia32' ? 32 : 64;
  return { ramBytes: totalmem(), cores: availableParallelism(), bits };
}

/** The table size of this machine by each of the common rules, which seldom agree. */
function sizingCheck(machine: Machine, kernel: string): Check {
  const number = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
  const [own, proxy] = [byKernel(machine, kernelVersion(kernel)), byKubeProxy(machine, false)];
  const capped = byKubeProxy(machine, true);
  const rules = [
    `${number.format(own.max)} (${number.format(own.buckets)} buckets) by the kernel’s default`,
    `${number.format(proxy.max)} (${number.format(proxy.buckets)} buckets) by kube-proxy’s`,
    ...(capped.max < proxy.max ? [`${number.format(capped.max)} from Kubernetes 1.36 on`] : []),
    `${number.format(byFormula(machine))} by RAM / 16384 / (bits / 32)`,
  ];
  const of = `${number.format(machine.ramBytes / 2 ** 30)} GiB, ${String(machine.cores)} ${machine.cores === 1 ? 'core' : 'cores'}`;
  return { name: 'sizing', status: 'ok', found: `nf_conntrack_max for ${of}: ${rules.join(', ')}` };
}

/** Whether what a trainer needs to give learners a terminal in the browser is here; each seat tries it. */
function seatsCheck({ env }: VerbContext): Check {
  const why = noJail(env.PATH ?? '');
  if (why === undefined)
    return { name: 'seats', status: 'ok', found: 'bubblewrap is here for workshop --seats' };
  return { ...why, name: 'seats', status: 'limited', found: `no workshop --seats: ${why.found}` };
}

function kernelLogCheck({ openKernelLog }: VerbContext): Check {
  using log = openKernelLog();
  const { unreadable } = log.read();
  if (unreadable === undefined) return { name: 'kernel-log', status: 'ok', found: 'readable' };
  const { why, fix } = unreadable;
  return {
    name: 'kernel-log',
    status: 'limited',
    found: `${why}: the counter drop is the evidence instead`,
    fix,
  };
}

async function leftoversCheck({ restoreLeftovers }: VerbContext): Promise<Check> {
  const { restored, left } = await restoreLeftovers(new AbortController().signal);
  const name = 'leftovers';
  if (left.length > 0)
    return { name, status: 'missing', found: left.join('; '), fix: '`sudo tablefull restore`' };
  return { name, status: 'ok', found: restored.length > 0 ? `restored now: ${restored.join('; ')}` : 'none' };
}
