import {
  parse,
  type AndOr,
  type Command,
  type CompoundCommand,
  type CompoundList,
  type PipelineNode,
  type Statement,
} from 'unbash';
import { PROGRAMS } from './commands/index.ts';
import { compound, type Interpreter } from './compound.ts';
import { inputOf, redirected } from './redirects.ts';
import { OK, UNKNOWN, type Place, type Ran, type Surroundings, type System, type Text } from './program.ts';
import { ShellState } from './state.ts';
import { asWord, fieldsOf, textOf, type Scope } from './words.ts';

/** Scripts call each other, and functions themselves: a limit against those that never end. */
const DEEPEST = 12;
const MOST_COMMANDS = 2_000;

/**
 * Reads a shell script and says what it would do to a system. It runs nothing: commands that it does not know
 * are recorded, and taken to succeed.
 */
export class Shell {
  readonly #system: System;
  readonly #source: string;
  readonly #place: Place;
  readonly #state: ShellState;
  /** What a script and those that it calls may still do. */
  readonly #budget: { commands: number; depth: number };

  constructor(
    source: string,
    given: {
      readonly system: System;
      readonly place: Place;
      readonly variables: ReadonlyMap<string, Text>;
      readonly args?: readonly Text[];
      readonly budget?: { commands: number; depth: number };
    },
  ) {
    this.#source = source;
    this.#system = given.system;
    this.#place = given.place;
    this.#state = new ShellState(given.variables, given.args ?? []);
    this.#budget = given.budget ?? { commands: MOST_COMMANDS, depth: DEEPEST };
  }

  /** What the whole script does. */
  read(): Ran {
    const script = parse(this.#source);
    const [error] = script.errors ?? [];
    if (error !== undefined) {
      this.#system.gap(firstLine(this.#source), `it is not a shell script: ${error.message}`);
      return UNKNOWN;
    }
    return this.#statements(script.commands, '');
  }

  /** Runs words as a command, with functions and variables of this script. */
  words(words: readonly Text[], source: string, stdin: Text, place = this.#place): Ran {
    const [name, ...args] = words;
    const around = this.#around(source, stdin, place);
    if (name === undefined) {
      this.#system.gap(source, 'which program it runs is known only when it runs');
      return UNKNOWN;
    }
    const body = this.#state.functions.get(name);
    if (body !== undefined) return this.#deeper(source, () => this.#call(body, args));
    const program = PROGRAMS.get(name.replace(/^.*\//, ''));
    if (program !== undefined) return program(args, around);
    const text = this.#system.readFile(name);
    if (text !== undefined && name.includes('/')) return around.script(text, args);
    this.#system.gap(source, `the program ${name} is not known here; it is taken to succeed`);
    return UNKNOWN;
  }

  #around(source: string, stdin: Text, place = this.#place): Surroundings {
    return {
      source,
      stdin,
      place,
      system: this.#system,
      run: (words, at = place) => this.words(words, source, stdin, at),
      script: (text, args, at = place) => this.#deeper(firstLine(text), () => this.#inner(text, args, at)),
    };
  }

  #inner(text: string, args: readonly Text[], place: Place): Ran {
    const { variables } = this.#state;
    const inner = new Shell(text, { system: this.#system, place, variables, args, budget: this.#budget });
    const ran = inner.read();
    return ran.ends === 'never' ? ran : { status: ran.status, out: ran.out };
  }

  #deeper(source: string, work: () => Ran): Ran {
    if (this.#budget.depth <= 0) {
      this.#system.gap(source, 'scripts call scripts too deeply');
      return UNKNOWN;
    }
    this.#budget.depth--;
    const ran = work();
    this.#budget.depth++;
    return ran;
  }

  #call(body: CompoundCommand | CompoundList, args: readonly Text[]): Ran {
    const before = this.#state.args;
    this.#state.args = args;
    const ran =
      body.type === 'CompoundList'
        ? this.#statements(body.commands, '')
        : compound(body, '', this.#interpreter);
    this.#state.args = before;
    return ran.ends === 'return' ? { status: ran.status, out: ran.out } : ran;
  }

  #statements(statements: readonly Statement[], stdin: Text): Ran {
    let out: Text = '';
    let last = OK;
    for (const { command, background } of statements) {
      if (this.#budget.commands-- <= 0) {
        this.#system.gap(firstLine(this.#source), 'it runs too many commands to be followed');
        return { ...UNKNOWN, ends: 'exit' };
      }
      const ran = this.#node(command, stdin);
      // What runs beside the script neither ends nor fails it.
      last = background === true ? { status: 'ok', out: ran.out } : ran;
      out = out === undefined || last.out === undefined ? undefined : out + last.out;
      this.#state.last = last.status;
      if (last.ends !== undefined) return { ...last, out };
      const guarded =
        command.type === 'AndOr' || (command.type === 'Pipeline' && command.prefixes.length > 0);
      if (last.status === 'failed' && this.#state.errexit && !guarded)
        return { status: 'failed', out, ends: 'exit' };
    }
    return { status: last.status, out };
  }

  #node(node: PipelineNode | AndOr, stdin: Text): Ran {
    switch (node.type) {
      case 'AndOr':
        return this.#andOr(node, stdin);
      case 'Pipeline': {
        let ran: Ran = { status: 'ok', out: stdin };
        for (const each of node.commands) ran = this.#node(each, ran.out);
        const isNegated = node.prefixes.some(({ type }) => type === 'Negation');
        if (!isNegated || ran.status === 'unknown') return ran;
        return { ...ran, status: ran.status === 'ok' ? 'failed' : 'ok' };
      }
      case 'Command':
        return this.#command(node, stdin);
      case 'Function': {
        const { body } = node;
        if (body.type !== 'Redirected') this.#state.functions.set(node.name.value, body);
        return OK;
      }
      case 'Redirected': {
        const ran = compound(
          node.command,
          inputOf(node.redirects, stdin, this.#interpreter),
          this.#interpreter,
        );
        return redirected(ran, node.redirects, this.#around(this.#text(node), stdin), this.#interpreter);
      }
      case 'Coproc':
        this.#system.gap(this.#text(node), 'a coprocess is not followed');
        return UNKNOWN;
      case 'BraceGroup':
      case 'Subshell':
      case 'For':
      case 'If':
      case 'While':
      case 'Case':
      case 'Select':
      case 'TestCommand':
      case 'ArithmeticFor':
      case 'ArithmeticCommand':
        return compound(node, stdin, this.#interpreter);
    }
  }

  #andOr({ commands, operators }: AndOr, stdin: Text): Ran {
    const [first, ...rest] = commands;
    let ran = first === undefined ? OK : this.#node(first, stdin);
    let isLast = rest.length === 0;
    for (const [i, command] of rest.entries()) {
      if (ran.ends !== undefined) return ran;
      // What is not known is taken to succeed.
      const status = ran.status === 'unknown' ? 'ok' : ran.status;
      if (status === (operators[i] === '&&' ? 'failed' : 'ok')) continue;
      ran = this.#node(command, stdin);
      isLast = i === rest.length - 1;
    }
    // With `set -e`, only the last command of a list ends the script.
    if (ran.status === 'failed' && isLast && this.#state.errexit && ran.ends === undefined)
      return { ...ran, ends: 'exit' };
    return ran;
  }

  #command(node: Command, stdin: Text): Ran {
    const source = this.#text(node);
    for (const each of node.prefix)
      if (each.type === 'Assignment' && node.name === undefined)
        this.#state.variables.set(
          each.name,
          each.value.type === 'Word' ? textOf(each.value, this.#scope) : undefined,
        );
    if (node.name === undefined)
      return redirected(OK, node.redirects, this.#around(source, stdin), this.#interpreter);
    const words = fieldsOf(
      [node.name, ...node.args.map((arg) => (arg.type === 'Word' ? arg : asWord(arg)))],
      this.#scope,
    );
    const input = inputOf(node.redirects, stdin, this.#interpreter);
    const ran = this.#state.own(words) ?? this.words(words, source, input);
    return redirected(ran, node.redirects, this.#around(source, input), this.#interpreter);
  }

  get #interpreter(): Interpreter {
    return {
      system: this.#system,
      state: this.#state,
      scope: this.#scope,
      statements: (statements, stdin) => this.#statements(statements, stdin),
      text: (node) => this.#text(node),
    };
  }

  get #scope(): Scope {
    return this.#state.scope((script) =>
      script === undefined ? undefined : this.#statements(script.commands, '').out?.replace(/\n+$/, ''),
    );
  }

  #text({ pos, end }: { readonly pos: number; readonly end: number }): string {
    return firstLine(this.#source.slice(pos, end));
  }
}

function firstLine(text: string): string {
  const [first = '', ...more] = text.trim().split('\n');
  return more.length === 0 ? first : `${first} …`;
}
