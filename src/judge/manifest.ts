import { sayValue, type Value } from '../change/done.ts';
import type { Run } from '../history/run.ts';
import type { RemedyVerdict } from '../schema/verdict.ts';
import { CLUSTER } from '../change/places.ts';

type Report = NonNullable<RemedyVerdict['manifest']>;

/** What was made of a remedy that is a manifest, with what it did to a cluster. */
export function manifestOf(run: Run, name: string): { readonly manifest?: Report } {
  const manifest = run.header.manifests?.[name];
  if (manifest === undefined) return {};
  const effects = run
    .ofType('change')
    .filter(({ cycle, action, change }) => cycle === name && action === 'apply' && change.kind === 'manifest')
    .map(({ node, before, after }) => effectOf(node, before, after));
  return { manifest: { ...manifest, ...(effects.length > 0 && { effects: [...new Set(effects)] }) } };
}

/** A node has its sysctls before and after; the cluster has what became of an object. */
function effectOf(node: string, before: Value, after: Value): string {
  if (node === CLUSTER || typeof before !== 'object' || typeof after !== 'object') return sayValue(after);
  const now = new Map(Object.entries<Value>(after));
  const changed = Object.entries<Value>(before).map(
    ([name, was]) => `${name} ${sayValue(was)} → ${sayValue(now.get(name) ?? '')}`,
  );
  return `${node}: ${changed.length === 0 ? 'no sysctl changed' : changed.join(', ')}`;
}

/** A manifest's report as lines to print: what is wrong first, then what it did, and what was not translated. */
export function manifestLines({ how, lines, gaps, findings, effects = [] }: Report): readonly string[] {
  return [
    ...findings.map((line) => `finding: ${line}`),
    ...effects.map((line) => `effect: ${line}`),
    ...lines.map((line) => `${how}: ${line}`),
    ...gaps.map((line) => `not translated: ${line}`),
  ];
}
