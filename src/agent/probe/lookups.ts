import type { Probe } from './probe.ts';

const NAMES = { 'one-dot': 'example.com', 'two-dots': 'www.example.com' } as const;

/**
 * Cost of single lookups, one at a time: queries that reach a DNS server, and entries, as
 * `queries.perLookup.one-dot` and so on. Measured only with room in the table: before the fault, or on a
 * fresh table.
 */
export const lookups: Probe = {
  measure: async ({ node, table, served, resolvers, demand }, stage) => {
    const load = demand();
    const resolver = resolvers().find((each) => each !== undefined);
    if (load.kind !== 'dns-client' || resolver === undefined || !['baseline', 'fresh'].includes(stage))
      return {};
    const figures: Record<string, number> = {};
    const queries = async (): Promise<number> => (await served()).queries ?? 0;
    const entries = (): number => table(node).read().entries;
    for (const [label, name] of Object.entries(NAMES)) {
      const before = { queries: await queries(), entries: entries() };
      await resolver.lookup(load.trailingDot ? `${name}.` : name);
      figures[`entries.perLookup.${label}`] = entries() - before.entries;
      figures[`queries.perLookup.${label}`] = (await queries()) - before.queries;
    }
    return figures;
  },
};
