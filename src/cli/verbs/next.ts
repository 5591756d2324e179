import { release } from 'node:os';
import type { LabEntry } from '../../lab/entry.ts';
import { typedHere } from '../npm/npm-script.ts';
import { print, type VerbContext } from '../verb-context.ts';

/** Without a command: what to do next on this machine. */
export async function nextVerb(context: VerbContext): Promise<number> {
  const [lab] = context.labs;
  const missing = await missingOf(lab);
  const rows: readonly (readonly [command: string, what: string])[] =
    missing.length > 0
      ? [[typedHere(context, 'doctor'), 'what is missing, and how to install it']]
      : [
          [typedHere(context, 'run', 'saturate'), 'fill a table, see what fixes it: about a minute'],
          [typedHere(context, 'list'), 'every scenario'],
          [typedHere(context, 'explain', 'saturate'), 'what it is, and how to see it on your nodes'],
          [typedHere(context, 'init', 'mine.yaml'), 'a scenario of your own, which runs'],
        ];
  const column = 2 + Math.max(...rows.map(([command]) => command.length));
  print(
    context,
    [
      'tablefull makes Linux conntrack exhaustion happen on purpose, and proves what cures it.',
      missing.length > 0
        ? `This machine (kernel ${release()}) can’t run the lab ${lab.name} yet: ${missing.join('; ')}.`
        : `This machine (kernel ${release()}) is ready. Next:`,
      ...rows.map(([command, what]) => `  ${command.padEnd(column)}${what}`),
      `All commands: ${typedHere(context, '--help')}`,
    ].join('\n'),
  );
  return 0;
}

async function missingOf(lab: LabEntry): Promise<readonly string[]> {
  const checks = await lab.checks();
  return checks.flatMap(({ name, status, found }) => (status === 'missing' ? [`${name}: ${found}`] : []));
}
