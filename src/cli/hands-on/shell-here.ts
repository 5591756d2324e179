import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Hands, Place } from '../../lab/hands.ts';
import type { ClusterAccess } from '../../lab/lab.ts';
import { takeTerminal } from '../../kernel/terminal.ts';
import { banner, BEGIN, shellIn } from '../../lab/shell.ts';
import { suggestion } from '../../util/nearest.ts';
import { print, type VerbContext } from '../verb-context.ts';

/** @throws Error naming the places that there are */
export function placeNamed(name: string, { places }: Pick<Hands, 'places'>): Place {
  const place = places.find((each) => each.name === name);
  if (place !== undefined) return place;
  const names = places.map((each) => each.name);
  throw new Error(`unknown node or pod ${name}; ${suggestion(name, names)}`);
}

/** A shell in this terminal whose kubectl is the cluster’s, until it is closed or the cluster ends. */
export async function kubectlHere(
  { kubeconfig, namespace }: ClusterAccess,
  context: VerbContext,
  signal: AbortSignal,
): Promise<void> {
  print(
    context,
    `the pods are in the namespace ${namespace}; an image that the nodes have: tablefull/agent:local`,
  );
  print(context, `begin with: kubectl -n ${namespace} get pods -o wide  |  kubectl get nodes`);
  if (!process.stdin.isTTY) {
    print(context, `no terminal here; in another: export KUBECONFIG=${kubeconfig}`);
    return;
  }
  const env = { ...context.env, KUBECONFIG: kubeconfig };
  await opened(spawn(context.env.SHELL ?? 'sh', { stdio: 'inherit', signal, env }));
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
  context: VerbContext,
  signal: AbortSignal,
): Promise<void> {
  for (const line of banner({ ...hands, about, begin: BEGIN }, place)) print(context, line);
  if (!process.stdin.isTTY) {
    print(context, `no terminal here: use \`tablefull shell ${place.name}\` in another`);
    return;
  }
  const [first, ...rest] = shellIn(hands, place, context.env.PATH);
  await opened(spawn(first, rest, { stdio: 'inherit', signal }));
  takeTerminal();
}

/** @returns when the shell is closed, or has ended with the lab */
async function opened(shell: ChildProcess): Promise<void> {
  await once(shell, 'exit').catch(() => undefined);
}
