import { z } from 'zod';
import { changeSchema } from '../change/index.ts';
import { loadSchema } from '../load/index.ts';
import { SQUEEZES } from '../change/squeezes.ts';
import { protocolSchema } from '../schema/protocol.ts';
import { conditionsSchema, eventSchema, phaseSchema } from '../schema/history.ts';

/** The steps of a phase, in order; a phase that fails is abandoned in place of its end. */
export const PHASE_STEPS = ['begin', 'offer', 'end', 'abandon'] as const;
export type PhaseStep = (typeof PHASE_STEPS)[number];

/** What the harness asks of an agent. One answer a request; several may be under way. */
export const requestSchema = z.discriminatedUnion('method', [
  z.strictObject({
    id: z.number(),
    method: z.literal('up'),
    protocol: protocolSchema,
    squeeze: z.enum(SQUEEZES),
    seed: z.number(),
    /** See LabOptions.epoch; a bigint does not pass through JSON. */
    epoch: z.string(),
  }),
  z.strictObject({
    id: z.number(),
    method: z.literal('phase'),
    phase: phaseSchema,
    step: z.enum(PHASE_STEPS),
    conditions: conditionsSchema,
  }),
  z.strictObject({ id: z.number(), method: z.literal('apply'), change: changeSchema, cycle: z.string() }),
  z.strictObject({ id: z.number(), method: z.literal('undo'), applied: z.number() }),
  z.strictObject({ id: z.number(), method: z.literal('hold') }),
  z.strictObject({ id: z.number(), method: z.literal('clear') }),
  z.strictObject({ id: z.number(), method: z.literal('capacity'), load: loadSchema }),
]);
export type Request = z.infer<typeof requestSchema>;

/** A request without its number, which the caller does not choose. */
export type Ask = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

/** What the agent says: an answer, or things that it observed. */
export const messageSchema = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ id: z.number(), result: z.number().optional() }),
  z.strictObject({
    id: z.number(),
    error: z.string(),
    /** What was there before did not come back. */
    notRestored: z.boolean().optional(),
  }),
  z.strictObject({ events: z.array(eventSchema) }),
]);
export type Message = z.infer<typeof messageSchema>;
