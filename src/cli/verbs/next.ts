import { release } from 'node:os';
import type { LabEntry } from '../../lab/entry.ts';
import { typedHere } from '../npm-script.ts';
import { print, type World } from '../world.ts';

/** Without a command: what to do next on this machine. */
export async function nextVerb(world: World): Promise<number> {
  const [lab] = world.labs;
  const missing = await missingOf(lab);
  const rows: readonly (readonly [command: string, what: string])[] =
    missing.length > 0
      ? [[typedHere(world, 'doctor'), 'what is missing, and how to install it']]
      : [
          [typedHere(world, 'run', 'saturate'), 'fill a table, see what fixes it: about a minute'],
          [typedHere(world, 'list'), 'every scenario'],
          [typedHere(world, 'explain', 'saturate'), 'what it is, and how to see it on your nodes'],
          [typedHere(world, 'init', 'mine.yaml'), 'a scenario of your own, which runs'],
        ];
  const column = 2 + Math.max(...rows.map(([command]) => command.length));
  print(
    world,
    [
      'tablefull makes Linux conntrack exhaustion happen on purpose, and proves what cures it.',
      missing.length > 0
        ? `This machine (kernel ${release()}) can’t run the lab ${lab.name} yet: ${missing.join('; ')}.`
        : `This machine (kernel ${release()}) is ready. Next:`,
      ...rows.map(([command, what]) => `  ${command.padEnd(column)}${what}`),
      `All commands: ${typedHere(world, '--help')}`,
    ].join('\n'),
  );
  return 0;
}

async function missingOf(lab: LabEntry): Promise<readonly string[]> {
  const checks = await lab.checks();
  return checks.flatMap(({ name, status, found }) => (status === 'missing' ? [`${name}: ${found}`] : []));
}
