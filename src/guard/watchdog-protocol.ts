import { z } from 'zod';
import { restoreReportSchema } from './restore.ts';
import { GLOBAL_SYSCTLS } from './sysctls.ts';

const name = z.enum(GLOBAL_SYSCTLS);
const value = z.number().int().nonnegative();

const set = z
  .strictObject({ name, value })
  .refine(({ name: of, value: to }) => to > 0 || of === 'bridge-nf-call-iptables', 'a limit must be above 0');

/** Harness to watchdog: JSON lines on its standard input. End of file: restore everything and exit. */
export const requestSchema = z.union([
  z.strictObject({ set }),
  z.strictObject({ undo: name }),
  z.strictObject({ delegate: name }),
]);

/** Watchdog to harness: `ready` once, one reply per request in order, `closed` at the end. */
export const replySchema = z.discriminatedUnion('type', [
  /** The lock is held, and leftovers of a dead run are restored. */
  z.strictObject({ type: z.literal('ready'), leftovers: restoreReportSchema }),
  z.strictObject({ type: z.literal('changed'), before: value, after: value }),
  z.strictObject({ type: z.literal('failed'), reason: z.string() }),
  z.strictObject({ type: z.literal('closed'), report: restoreReportSchema }),
]);

export type Request = z.infer<typeof requestSchema>;
export type Reply = z.infer<typeof replySchema>;
