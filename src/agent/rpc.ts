import { z } from 'zod';
import { changeSchema } from '../change/index.ts';
import { loadSchema } from '../load/index.ts';
import { SQUEEZES } from '../change/squeezes.ts';
import { protocolSchema } from '../schema/protocol.ts';
import { conditionsSchema, eventSchema, phaseSchema } from '../schema/history.ts';

/** The steps of a phase, in order. A failed phase is abandoned instead of ended. */
const PHASE_STEPS = ['begin', 'offer', 'end', 'abandon'] as const;
export type PhaseStep = (typeof PHASE_STEPS)[number];

/** Requests to an agent. Each gets one response; several may run at once. */
export const requestSchema = z.discriminatedUnion('method', [
  z.strictObject({
    id: z.number(),
    method: z.literal('up'),
    protocol: protocolSchema,
    squeeze: z.enum(SQUEEZES),
    seed: z.number(),
    /** See LabOptions.epoch; JSON has no bigint. */
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
  /** Resets every connection of the lab's namespaces, where these are its own: the agent is killed next. */
  z.strictObject({ id: z.number(), method: z.literal('disconnect') }),
  z.strictObject({ id: z.number(), method: z.literal('capacity'), load: loadSchema }),
]);
export type Request = z.infer<typeof requestSchema>;

/** The first request: opens the agent's part of the lab. */
export type Up = Extract<Request, { method: 'up' }>;

/** A request without its id, which the client assigns. */
export type Ask = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

/** Messages from an agent: responses and events. */
export const messageSchema = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ id: z.number(), result: z.number().optional() }),
  z.strictObject({
    id: z.number(),
    error: z.string(),
    /** The error is NotRestored. */
    notRestored: z.boolean().optional(),
  }),
  z.strictObject({ events: z.array(eventSchema) }),
]);
export type Message = z.infer<typeof messageSchema>;
