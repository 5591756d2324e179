import { z } from 'zod';
import type { Value } from '../change/done.ts';

/**
 * Names up to 0.1.0. Scenario files and histories with them stay readable for one version; all that does so is
 * here, to be deleted together.
 */
const STAGES: Readonly<Record<string, string>> = {
  'seen-again': 'confirm',
  'in-flight': 'live',
  refilled: 'fresh',
};

/**
 * An outcome's figure: `requests.(28)`, `lookups.EAI_AGAIN`, `lookups.too late`. Names that begin with an excluded
 * word are other figures.
 */
const OUTCOME =
  /^(?<phase>(?:baseline|fault|confirm|live)\.)?(?!(?:baseline|fault|state|timeout|pods|threshold)\.)(?<unit>[\w-]+)\.(?!outcome\[)(?<text>[(A-Z].*|.* .*)$/;

/** Today's name of a figure. */
export function figureOfToday(name: string): string {
  return name.replace(/^[\w-]+(?=\.)/, stageOfToday).replace(OUTCOME, '$<phase>$<unit>.outcome[$<text>]');
}

const symptomSchema = z.looseObject({ unmet: z.string(), loss: z.undefined().optional() });

/** A symptom with its `loss`, which was `unmet`. */
export function symptomOfToday<T>(symptom: T): T | Record<string, unknown> {
  const old = symptomSchema.safeParse(symptom);
  if (!old.success) return symptom;
  const { unmet, ...rest } = old.data;
  return { ...rest, loss: unmet };
}

/** An event of a history with today's names. */
export function eventOfToday(event: unknown): unknown {
  return withSinglePass(withStage(withNode(event)));
}

function stageOfToday(name: string): string {
  return STAGES[name] ?? name;
}

const phasedSchema = z.looseObject({ type: z.string(), phase: z.looseObject({ stage: z.string() }) });

/** The event `retry` was `repeat`. */
function withStage(event: unknown): unknown {
  const phased = phasedSchema.safeParse(event);
  if (!phased.success) return event;
  const { type, phase } = phased.data;
  return {
    ...phased.data,
    type: type === 'repeat' ? 'retry' : type,
    phase: { ...phase, stage: stageOfToday(phase.stage) },
  };
}

const headerSchema = z.looseObject({ type: z.literal('run'), brief: z.boolean() });

/** The header's `singlePass` was `brief`. */
function withSinglePass(event: unknown): unknown {
  const old = headerSchema.safeParse(event);
  if (!old.success) return event;
  const { brief, ...rest } = old.data;
  return { ...rest, singlePass: brief };
}

const changeSchema = z.looseObject({
  type: z.literal('change'),
  change: z.looseObject({ node: z.string().optional() }),
  found: z.string(),
  readBack: z.string(),
});

/** A `change` event described all nodes in one sentence. */
function withNode(event: unknown): unknown {
  const old = changeSchema.safeParse(event);
  if (!old.success) return event;
  const { found, readBack, ...rest } = old.data;
  return { node: rest.change.node ?? 'lab', before: valueOfOld(found), after: valueOfOld(readBack), ...rest };
}

/** The number, where all nodes had the same one; otherwise the text. */
function valueOfOld(text: string): Value {
  const [value = '', ...others] = new Set(text.split(' '));
  return others.length === 0 && /^-?\d+$/.test(value) ? Number(value) : text;
}
