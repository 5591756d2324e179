import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** Kinds of pages; each is a folder of docs/explanation/. */
export const PAGE_KINDS = ['scenarios', 'remedies', 'counters'] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

/** The root of this package, a checkout or installed. */
const ROOT = dirname(findPackageJSON('..', import.meta.url) ?? '');

const fileOf = (kind: PageKind, name: string): string =>
  join(ROOT, 'docs', 'explanation', kind, `${name}.md`);

/** The Markdown of a page; undefined where there is none. */
export function readPage(kind: PageKind, name: string): string | undefined {
  const file = fileOf(kind, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** A remedy's Kubernetes form. */
export function manifestOf(remedy: string): string {
  return join(ROOT, 'manifests', 'remedies', `${remedy}.yaml`);
}

/** The Markdown of a page of docs/reference/. */
export function readReference(name: string): string {
  return readFileSync(join(ROOT, 'docs', 'reference', `${name}.md`), 'utf8');
}

/** The name of the matrix that the claims rest on in a lab. @param number which of the lab's, from 1 */
export function claimsMatrix(lab: string, number = 1): string {
  const parts = [...(lab === 'netns' ? [] : [lab]), ...(number === 1 ? [] : [String(number)])];
  return ['claims.matrix', ...parts, 'json'].join('.');
}

/** The recorded ones, as paths. */
export const CLAIMS_MATRICES: readonly string[] = [claimsMatrix('netns'), claimsMatrix('kind')].map((file) =>
  join(ROOT, 'docs', 'reference', file),
);

/** The table of what one sees, and which scenario it is. */
export function symptomsPage(): string {
  return readFileSync(join(ROOT, 'docs', 'explanation', 'symptoms.md'), 'utf8');
}
