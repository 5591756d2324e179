import type { TestExpression } from 'unbash';
import { FAILED, OK, UNKNOWN, type Ran, type System, type Text } from './program.ts';
import { textOf, type Scope } from './words.ts';

const NUMERIC: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
};

/** `[[ … ]]`, as far as its operands are known. */
export function holds(expression: TestExpression, scope: Scope, system: System): Ran {
  switch (expression.type) {
    case 'TestGroup':
      return holds(expression.expression, scope, system);
    case 'TestUnary':
      return judged([expression.operator, textOf(expression.operand, scope)], system);
    case 'TestBinary':
      return judged(
        [textOf(expression.left, scope), expression.operator, textOf(expression.right, scope)],
        system,
      );
    case 'TestNot':
    case 'TestLogical':
      return UNKNOWN;
  }
}

/** The words between `[` and `]`, or after `test`. */
export function judged(words: readonly Text[], system: System): Ran {
  if (words[0] === '!') {
    const { status } = judged(words.slice(1), system);
    return status === 'unknown' ? UNKNOWN : status === 'ok' ? FAILED : OK;
  }
  const [left, operator, right] = words;
  if (words.length === 2) return unary(left, operator, system);
  if (words.length !== 3 || left === undefined || right === undefined || operator === undefined)
    return UNKNOWN;
  if (operator === '=' || operator === '==') return left === right ? OK : FAILED;
  if (operator === '!=') return left === right ? FAILED : OK;
  const compare = NUMERIC[operator];
  if (compare === undefined || !/^-?\d+$/.test(left) || !/^-?\d+$/.test(right)) return UNKNOWN;
  return compare(Number(left), Number(right)) ? OK : FAILED;
}

function unary(operator: Text, operand: Text, system: System): Ran {
  if (operand === undefined) return UNKNOWN;
  if (operator === '-z') return operand === '' ? OK : FAILED;
  if (operator === '-n') return operand === '' ? FAILED : OK;
  const below = operand.replace(/^\/proc\/sys\//, '');
  const isFile = ['-e', '-f', '-r', '-w'].includes(operator ?? '');
  if (!isFile || below === operand) return UNKNOWN;
  return system.hasSysctl(below.replaceAll('/', '.')) ? OK : FAILED;
}
