import type { RunHeader } from '../schema/history.ts';
import type { ManifestReport } from '../schema/manifest-report.ts';
import type { RemedyVerdict } from '../schema/verdict.ts';

/** What was made of a remedy that is a manifest. */
export function manifestOf({ manifests }: RunHeader, name: string): Pick<RemedyVerdict, 'manifest'> {
  const manifest = manifests?.[name];
  return manifest === undefined ? {} : { manifest };
}

/** A manifest's report as lines to print: what is wrong first, then what was understood and what was not. */
export function manifestLines({ how, lines, gaps, findings }: ManifestReport): readonly string[] {
  return [
    ...findings.map((line) => `finding: ${line}`),
    ...lines.map((line) => `${how}: ${line}`),
    ...gaps.map((line) => `not translated: ${line}`),
  ];
}
