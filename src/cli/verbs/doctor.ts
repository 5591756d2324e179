import type { Check } from '../../lab/entry.ts';
import { EXIT } from '../exit-codes.ts';
import { labFor } from '../order.ts';
import { print, printJson, type World } from '../world.ts';

const NODE_AT_LEAST = 24;

/** `doctor`: every check as a row, with the mend where one fails. @returns 2 if something that is needed is missing */
export async function doctorVerb(
  { json, lab }: { readonly json: boolean; readonly lab?: string },
  world: World,
): Promise<number> {
  const entry = labFor(lab, world);
  const checks = [
    nodeCheck(process.versions.node),
    ...(await entry.checks()),
    kernelLogCheck(world),
    await leftoversCheck(world),
  ];
  if (json) printJson(world, { schema: 'tablefull/doctor/v1', lab: entry.name, checks });
  else
    for (const check of checks) print(world, row(check, Math.max(...checks.map(({ name }) => name.length))));
  return checks.some(({ status }) => status === 'missing') ? EXIT.environment : EXIT.ok;
}

function row({ name, status, found, mend }: Check, width: number): string {
  const line = `${status.padEnd('missing'.length)}  ${name.padEnd(width)}  ${found}`;
  return mend === undefined ? line : `${line}\n${' '.repeat(line.length - found.length)}mend: ${mend}`;
}

/** @param version as in process.versions.node */
export function nodeCheck(version: string): Check {
  const found = `${version} at ${process.execPath}`;
  if (Number.parseInt(version, 10) >= NODE_AT_LEAST) return { name: 'node', status: 'ok', found };
  return {
    name: 'node',
    status: 'missing',
    found,
    mend: `npm ci installs Node ${String(NODE_AT_LEAST)} for npm run; or install it`,
  };
}

function kernelLogCheck({ openKernelLog }: World): Check {
  using log = openKernelLog();
  const { unreadable } = log.read();
  if (unreadable === undefined) return { name: 'kernel-log', status: 'ok', found: 'readable' };
  const [found = '', mend = 'run with sudo'] = unreadable.split('; ');
  return {
    name: 'kernel-log',
    status: 'limited',
    found: `${found}: the counter drop stands as the evidence`,
    mend,
  };
}

async function leftoversCheck({ restoreLeftovers }: World): Promise<Check> {
  const { restored, left } = await restoreLeftovers(new AbortController().signal);
  const name = 'leftovers';
  if (left.length > 0)
    return { name, status: 'missing', found: left.join('; '), mend: 'sudo tablefull restore' };
  return { name, status: 'ok', found: restored.length > 0 ? `restored now: ${restored.join('; ')}` : 'none' };
}
