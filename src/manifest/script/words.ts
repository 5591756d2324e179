import type { ArithmeticExpression, Command, ParsedScript, Word, WordPart } from 'unbash';
import type { Text } from './program.ts';

/** What an expansion looks up. */
export interface Scope {
  /** `$name`, `$1`, `$?`; undefined where the value is not known. */
  readonly variable: (name: string) => Text;
  /** `$@`. */
  readonly positional: () => readonly Text[];
  /** `$(…)`. */
  readonly output: (script: ParsedScript | undefined) => Text;
}

/** The fields of words, after expansion. Globs and braces are taken as they are written. */
export function fieldsOf(words: readonly Word[], scope: Scope): readonly Text[] {
  return words.flatMap((word) => fields(word, scope));
}

function fields(word: Word, scope: Scope): readonly Text[] {
  const { parts } = word;
  if (parts === undefined) return [word.value];
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) {
    const inner = first.type === 'DoubleQuoted' && first.parts.length === 1 ? first.parts[0] : first;
    if (inner?.type === 'SimpleExpansion' && ['$@', '$*'].includes(inner.text)) return scope.positional();
    // Only what is not quoted is split.
    if (first.type === 'SimpleExpansion' || first.type === 'CommandExpansion') {
      const text = valueOf(first, scope);
      return text === undefined ? [undefined] : text.split(/\s+/).filter((field) => field !== '');
    }
  }
  return [joined(parts, scope)];
}

/** A word as one text: a value, a file's name. */
export function textOf(word: Word, scope: Scope): Text {
  return word.parts === undefined ? word.value : joined(word.parts, scope);
}

/** Several parts as one text; undefined as soon as one is not known. */
export function joined(parts: readonly WordPart[], scope: Scope): Text {
  let text = '';
  for (const part of parts) {
    const value = valueOf(part, scope);
    if (value === undefined) return undefined;
    text += value;
  }
  return text;
}

function valueOf(part: WordPart, scope: Scope): Text {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value;
    case 'DoubleQuoted':
    case 'LocaleString':
      return joined(part.parts, scope);
    case 'SimpleExpansion':
      return scope.variable(part.text.slice(1));
    case 'ParameterExpansion': {
      const { prefix, index, operation, parameter } = part;
      const value = scope.variable(parameter);
      if (prefix !== undefined || index !== undefined) return undefined;
      if (operation === undefined) return value;
      if (operation.type !== 'Default' || !operation.operator.endsWith('-')) return undefined;
      return value === undefined || value === '' ? textOf(operation.operand, scope) : value;
    }
    case 'CommandExpansion':
      return scope.output(part.script);
    case 'ArithmeticExpansion': {
      const number = part.expression && numberOf(part.expression, scope);
      return number === undefined ? undefined : String(number);
    }
    case 'Glob':
    case 'BraceExpansion':
    case 'ExtendedGlob':
      return part.text;
    case 'ProcessSubstitution':
      return undefined;
  }
}

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => Math.trunc(a / b),
  '%': (a, b) => a % b,
};

function numberOf(expression: ArithmeticExpression, scope: Scope): number | undefined {
  switch (expression.type) {
    case 'ArithmeticGroup':
      return numberOf(expression.expression, scope);
    case 'ArithmeticWord': {
      const { parts, value } = expression;
      const text = parts !== undefined ? joined(parts, scope) : value;
      const named = text !== undefined && /^[a-z_]\w*$/i.test(text) ? scope.variable(text) : text;
      return wholeNumber(named);
    }
    case 'ArithmeticBinary': {
      const operation = OPERATIONS[expression.operator];
      const [left, right] = [numberOf(expression.left, scope), numberOf(expression.right, scope)];
      if (operation === undefined || left === undefined || right === undefined) return undefined;
      const value = operation(left, right);
      return Number.isSafeInteger(value) ? value : undefined;
    }
    case 'ArithmeticCommandExpansion':
      return wholeNumber(scope.output(expression.script));
    case 'ArithmeticUnary':
    case 'ArithmeticTernary':
      return undefined;
  }
}

function wholeNumber(text: Text): number | undefined {
  return text !== undefined && /^-?\d+$/.test(text.trim()) ? Number(text) : undefined;
}

/** `a=b` after a command's name is an argument. */
export function asWord({ text, pos, end, value }: Exclude<Command['args'][number], { type: 'Word' }>): Word {
  const [name = ''] = text.split('=');
  const parts = value.type === 'Word' ? (value.parts ?? [literal(value.value, value)]) : undefined;
  return {
    type: 'Word',
    text,
    value: text,
    pos,
    end,
    ...(parts && { parts: [literal(`${name}=`, { pos, end }), ...parts] }),
  };
}

function literal(value: string, { pos, end }: { readonly pos: number; readonly end: number }) {
  return { type: 'Literal' as const, value, text: value, pos, end };
}
