import { readFile, stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Params, Scenario } from './define.ts';
import { explainIssue, problemsFrom } from './explain-issue.ts';
import { linesOn, NoScenario, onOneLine } from './located.ts';
import { scenarioNameSchema } from '../schema/scenario-file.ts';
import { explain } from '../util/error-text.ts';
import { importOwn } from '../util/own-module.ts';

/** File endings of scenario modules: what Node runs directly. */
export const MODULE_ENDINGS: readonly string[] = ['.ts', '.mts', '.js', '.mjs'];
export const YAML_ENDINGS: readonly string[] = ['.yaml', '.yml'];
/** File endings of scenarios. */
export const SCENARIO_ENDINGS: readonly string[] = [...YAML_ENDINGS, ...MODULE_ENDINGS];

/** Size limit of a scenario file, which bounds parsing time. */
const MOST_BYTES = 256 * 1024;

/** Limits, because `validate` tries every combination of parameters. */
const MOST = { params: 50, values: 100, combinations: 256, rows: 100 } as const;

/** Whether the name is a file's. */
export function isPath(name: string): boolean {
  return name.includes('/') || extname(name) !== '';
}

/** @throws NoScenario where the file is unreadable, too big or not UTF-8 */
export async function readText(path: string): Promise<string> {
  const refuse = (why: string): never => {
    throw new NoScenario([`${path}: ${why}`]);
  };
  if (!SCENARIO_ENDINGS.includes(extname(path)))
    return refuse(`a scenario file ends in ${SCENARIO_ENDINGS.join(', ')}`);
  try {
    const file = await stat(path);
    if (file.isDirectory()) return refuse('is a folder; name a file in it');
    if (!file.isFile()) return refuse('is not a regular file; name one');
    if (file.size > MOST_BYTES)
      return refuse(`has ${String(file.size)} bytes; a scenario has at most ${String(MOST_BYTES)}`);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof NoScenario) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return refuse('there is no such file; `tablefull init` writes an example');
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return refuse('is not UTF-8 text; save it as UTF-8');
    return refuse(`can’t be read: ${onOneLine(explain(error))}`);
  }
}

/**
 * Imports a scenario's module, which runs its code: only in a process that can be killed (module-process.ts).
 *
 * @throws NoScenario: one line per problem, with file, place if known, and fix
 */
export async function importScenario(path: string): Promise<Scenario> {
  const { default: made } = await importModule(path);
  if (!isObject(made)) throw new NoScenario([`${path}:1:1: export default defineScenario({ … }) is missing`]);
  const checked = moduleSchema.safeParse(made, { error: explainIssue });
  const at = (): string => ('place' in made && typeof made.place === 'string' ? made.place : ':1:1');
  if (!checked.success) throw new NoScenario(linesOn(path, at, problemsFrom(checked.error)));
  return made as Scenario;
}

/** The number of combinations of all parameters. */
function combinationsOf(params: Readonly<Record<string, { readonly values: readonly string[] }>>): number {
  return Object.values(params).reduce((product, { values }) => product * values.length, 1);
}

/** Every combination of a scenario's parameters. */
export function combinations(params: Params): readonly Record<string, string>[] {
  return Object.entries(params).reduce<Record<string, string>[]>(
    (before, [name, { values }]) =>
      before.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );
}

const paramSchema = z.object({
  values: z.array(z.string().max(200)).min(1).max(MOST.values),
  summary: z.string(),
});

/** Checks what `defineScenario` returned, without calling anything. */
const moduleSchema = z.object({
  name: scenarioNameSchema,
  summary: z.string(),
  params: z.record(z.string(), paramSchema).superRefine((params, context) => {
    const number = combinationsOf(params);
    if (number <= MOST.combinations) return;
    context.addIssue(
      `it has ${String(number)} combinations of parameters; give at most ${String(MOST.combinations)}`,
    );
  }),
  matrix: z.array(z.record(z.string(), z.string())).min(1).max(MOST.rows),
  protocol: z.custom((value) => typeof value === 'function', 'must be a function of the parameters'),
});

async function importModule(path: string): Promise<{ readonly default?: unknown }> {
  try {
    return (await importOwn(pathToFileURL(resolve(path)).href)) as { readonly default?: unknown };
  } catch (error) {
    throw thrownBy(path, error);
  }
}

/** A module's error as a line with its position. */
export function thrownBy(path: string, error: unknown): NoScenario {
  return new NoScenario([`${path}${placeOf(error, resolve(path))}: ${firstLine(error)}`]);
}

/**
 * Finds the position in the stack. A syntax error's stack begins with line, source text and a caret below the
 * column.
 */
function placeOf(error: unknown, path: string): string {
  const [, after = ''] = (error instanceof Error ? (error.stack ?? '') : '').split(`${path}:`);
  const [place, line, column] = /^(\d+)(:\d+)?/.exec(after) ?? [];
  if (place === undefined || line === undefined) return ':1:1';
  const [indent = ''] = /(?<=\n) *(?=\^)/.exec(after) ?? [];
  return `:${line}${column ?? `:${String(indent.length + 1)}`}`;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : `it throws ${String(error)}`;
  return onOneLine(message.split('\n')[0] ?? '');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
