import type { Redirection } from 'unbash';
import type { Interpreter } from './compound.ts';
import type { Ran, Surroundings, Text } from './program.ts';
import { joined, textOf } from './words.ts';

/** What a command reads from standard input. @param stdin without its redirections */
export function inputOf(
  redirects: readonly Redirection[],
  stdin: Text,
  { system, state, scope }: Interpreter,
): Text {
  let input = stdin;
  for (const each of redirects) {
    if (each.type === 'HereDoc')
      input = each.body.parts === undefined ? each.body.text : joined(each.body.parts, scope);
    else if (each.type === 'HereString') input = each.target && textOf(each.target, scope);
    else if (each.operator === '<') {
      const path = each.target && textOf(each.target, scope);
      input = path === undefined ? undefined : system.readFile(state.path(path));
    }
  }
  return input;
}

/** Writes what a command printed into the file that it is redirected to. */
export function redirected(
  ran: Ran,
  redirects: readonly Redirection[],
  around: Surroundings,
  { system, state, scope }: Interpreter,
): Ran {
  for (const each of redirects) {
    if (each.type !== 'Redirect' || !['>', '>>', '>|', '&>'].includes(each.operator)) continue;
    if (each.descriptor?.type === 'FileDescriptor' && each.descriptor.value === 2) continue;
    const path = each.target && textOf(each.target, scope);
    if (path === undefined) {
      system.gap(around.source, 'the file that it writes is known only when it runs');
      continue;
    }
    const written = system.writeFile(state.path(path), ran.out, around, each.operator === '>>');
    return { ...ran, status: written.status === 'failed' ? 'failed' : ran.status, out: '' };
  }
  return ran;
}
