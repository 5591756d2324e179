import { judged } from '../test-expression.ts';
import { FAILED, OK, type Program } from '../program.ts';

export const nothing: Program = () => OK;
export const no: Program = () => FAILED;

/** Waits for ever, which keeps the pod. */
export const forEver: Program = () => ({ ...OK, ends: 'never' });

export const sleep: Program = ([time]) =>
  time === 'infinity' || time === 'inf' || Number(time) > 3600 ? { ...OK, ends: 'never' } : OK;

export const test: Program = (args, { system }) =>
  judged(args.at(-1) === ']' ? args.slice(0, -1) : args, system);
