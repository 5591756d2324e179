import type { CompoundCommand, CompoundList, ParsedScript } from 'unbash';
import { OK, type Ran, type Text } from './program.ts';
import type { Scope } from './words.ts';

/** What a running script has: variables, functions, arguments, options. */
export class ShellState {
  readonly variables: Map<string, Text>;
  readonly functions = new Map<string, CompoundCommand | CompoundList>();
  args: readonly Text[];
  /** `set -e`. */
  errexit = false;
  /** The status of the last command. */
  last: Ran['status'] = 'ok';

  constructor(variables: ReadonlyMap<string, Text>, args: readonly Text[]) {
    this.variables = new Map(variables);
    this.args = args;
  }

  /** @param output carries out `$(…)` */
  scope(output: (script: ParsedScript | undefined) => Text): Scope {
    return {
      variable: (name) => this.#valueOf(name),
      positional: () => this.args,
      output,
    };
  }

  #valueOf(name: string): Text {
    const { variables, args } = this;
    if (/^[1-9]$/.test(name)) return args.length >= Number(name) ? args[Number(name) - 1] : '';
    if (name === '#') return String(args.length);
    if (name === '@' || name === '*') return args.includes(undefined) ? undefined : args.join(' ');
    if (variables.has(name)) return variables.get(name);
    // Names in capitals may come from the image’s environment, or from Kubernetes.
    return /^[a-z_][a-z0-9_]*$/.test(name) ? '' : undefined;
  }

  /** A path as the working directory makes it absolute. */
  path(path: string): string {
    const base = this.variables.get('PWD') ?? '/';
    return new URL(
      path.replaceAll(/[?#%]/g, encodeURIComponent),
      `file://${base.endsWith('/') ? base : `${base}/`}`,
    ).pathname;
  }

  /** Commands of the shell itself, which change its state. @returns undefined for other commands */
  own([name, ...args]: readonly Text[]): Ran | undefined {
    switch (name) {
      case 'cd':
        this.variables.set('PWD', args[0] === undefined ? undefined : this.path(args[0]));
        return OK;
      case 'set':
        return this.#set(args);
      case 'export':
      case 'local':
      case 'readonly':
        for (const arg of args) {
          const [key = '', value] = arg?.split(/=(.*)/s) ?? [];
          if (value !== undefined) this.variables.set(key, value);
        }
        return OK;
      case 'exit':
      case 'return': {
        const code = args[0] ?? (this.last === 'failed' ? '1' : '0');
        const status = code === '0' ? 'ok' : 'failed';
        return { status, out: '', ends: name };
      }
      case undefined:
      default:
        return undefined;
    }
  }

  #set(args: readonly Text[]): Ran {
    for (const arg of args) {
      if (arg !== undefined && /^-[a-z]*e/.test(arg)) this.errexit = true;
      if (arg !== undefined && /^\+[a-z]*e/.test(arg)) this.errexit = false;
    }
    const at = args.findIndex((arg) => arg !== undefined && /^-[a-z]*o$/.test(arg));
    if (at >= 0 && args[at + 1] === 'errexit') this.errexit = true;
    return OK;
  }
}
