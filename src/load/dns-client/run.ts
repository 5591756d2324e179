import type { DnsClient } from './schema.ts';
import type { LoadContext } from '../context.ts';
import { AT_ONCE, ENDED } from '../../kernel/resolver-process.ts';
import { GAVE_UP, TOO_LATE } from '../outcome-words.ts';
import { offerWhenDue } from '../offer-when-due.ts';
import { spread } from '../schedule.ts';

/** Lookups, open loop, over the pods' resolvers in turn. */
export async function run(load: DnsClient, context: LoadContext): Promise<void> {
  const { resolvers, outcomes } = context;
  await offerWhenDue(spread(load.lookups, 0, load.seconds, context.random), context, (i, due) => {
    const resolver = resolvers[i % resolvers.length];
    const name = load.names[i % load.names.length];
    if (resolvers.length === 0) throw new Error(`${load.pods}: there are no such pods`);
    if (resolver === undefined || name === undefined) return undefined;
    if (resolver.waiting >= AT_ONCE) outcomes.starve('out of resolver threads');
    return async () => {
      const outcome = await within(resolver.lookup(load.trailingDot ? `${name}.` : name), load.giveUp);
      if (outcome === ENDED) outcomes.starve('a resolver process was ended');
      const late = outcomes.elapsed() - due > load.patience * 1000;
      return outcome === 'ok' && late ? TOO_LATE : outcome;
    };
  });
}

/**
 * Gives up hanging lookups: a resolver's TCP connections (use-vc) wait for the kernel's SYN retries, 127 s, whatever
 * `timeout:` says.
 */
async function within(answer: Promise<string>, seconds: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(resolve, seconds * 1000, GAVE_UP);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
