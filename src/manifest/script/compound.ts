import type { CompoundCommand, CompoundList, Statement } from 'unbash';
import { OK, UNKNOWN, type Ran, type System, type Text } from './program.ts';
import type { ShellState } from './state.ts';
import { holds } from './test-expression.ts';
import { fieldsOf, type Scope } from './words.ts';

/** The shell, as far as its compound commands need it. */
export interface Interpreter {
  readonly system: System;
  readonly state: ShellState;
  readonly scope: Scope;
  readonly statements: (statements: readonly Statement[], stdin: Text) => Ran;
  /** The source of a node, for messages. */
  readonly text: (node: { readonly pos: number; readonly end: number }) => string;
}

/** Braces, conditions and loops. */
export function compound(node: CompoundCommand, stdin: Text, shell: Interpreter): Ran {
  const unclear = (why: string): Ran => {
    shell.system.gap(shell.text(node), why);
    return UNKNOWN;
  };
  switch (node.type) {
    case 'BraceGroup':
    case 'Subshell':
      return shell.statements(node.body.commands, stdin);
    case 'For': {
      const values = fieldsOf(node.wordlist ?? [], shell.scope);
      if (values.includes(undefined)) return unclear('what it goes through is known only when it runs');
      return forEach(node.name.value, values, node.body, shell);
    }
    case 'If':
      for (const { clause, then } of [node, ...node.elif]) {
        const { status } = quietly(clause, shell);
        if (status === 'unknown') return unclear('whether its condition holds is known only when it runs');
        if (status === 'ok') return shell.statements(then.commands, stdin);
      }
      return node.else === undefined ? OK : shell.statements(node.else.commands, stdin);
    case 'While': {
      const { status } = quietly(node.clause, shell);
      if (status === 'unknown') return unclear('whether its condition holds is known only when it runs');
      if (status !== (node.kind === 'while' ? 'ok' : 'failed')) return OK;
      // Once tells what it does; it goes on for as long as the pod lives.
      const ran = shell.statements(node.body.commands, stdin);
      return ran.ends === undefined ? { status: 'ok', out: ran.out, ends: 'never' } : ran;
    }
    case 'TestCommand':
      return holds(node.expression, shell.scope, shell.system);
    case 'Case':
    case 'Select':
    case 'ArithmeticFor':
    case 'ArithmeticCommand':
      return unclear('this construct is not followed');
  }
}

/** A condition: a failure in it does not end the script. */
function quietly({ commands }: CompoundList, { state, statements }: Interpreter): Ran {
  const { errexit } = state;
  state.errexit = false;
  const ran = statements(commands, '');
  state.errexit = errexit;
  return ran;
}

function forEach(name: string, values: readonly Text[], body: CompoundList, shell: Interpreter): Ran {
  let ran = OK;
  for (const value of values) {
    shell.state.variables.set(name, value);
    ran = shell.statements(body.commands, '');
    if (ran.ends !== undefined) return ran;
  }
  return ran;
}
