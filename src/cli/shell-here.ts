import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Hands, Place } from '../lab/hands.ts';
import { takeTerminal } from '../kernel/terminal.ts';
import { banner, BEGIN, shellIn } from '../lab/shell.ts';
import { suggestion } from '../util/nearest.ts';
import { print, type World } from './world.ts';

/** @throws Error naming the places that there are */
export function placeNamed(name: string, { places }: Pick<Hands, 'places'>): Place {
  const place = places.find((each) => each.name === name);
  if (place !== undefined) return place;
  const names = places.map((each) => each.name);
  throw new Error(`unknown node or pod ${name}; ${suggestion(name, names)}`);
}

/**
 * A shell in this terminal, until it is closed or the lab ends. Without a terminal it says how to open one in
 * another.
 *
 * @param about what the lab is for, as in `tablefull shell`
 */
export async function shellHere(
  hands: Hands,
  place: Place,
  about: string,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  for (const line of banner({ ...hands, about, begin: BEGIN }, place)) print(world, line);
  if (!process.stdin.isTTY) {
    print(world, `no terminal here: use \`tablefull shell ${place.name}\` in another`);
    return;
  }
  const [first, ...rest] = shellIn(hands, place, world.env.PATH);
  const child = spawn(first, rest, { stdio: 'inherit', signal });
  // An aborted shell is one that ended with the lab.
  await once(child, 'exit').catch(() => undefined);
  takeTerminal();
}
