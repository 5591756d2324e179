import { describe, expect, it } from 'vitest';
import { isManifest, readDocuments } from '../../../src/manifest/documents.ts';

const names = (text: string) => readDocuments(text, 'a.yaml').map(({ name }) => name);

describe('a file of manifests', () => {
  it('may hold several documents, empty ones, and lists', () => {
    expect(
      names(`---
apiVersion: v1
kind: Namespace
metadata: { name: tune }
---
# nothing
---
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a, namespace: tune } }
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: b, namespace: tune } }
`),
    ).toEqual(['Namespace tune', 'ConfigMap tune/a', 'ConfigMap tune/b']);
  });

  it('may be JSON, or a patch of a pod', () => {
    expect(names('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{}}')).toEqual(['Pod p']);
    expect(names('spec:\n  dnsConfig: { options: [{ name: ndots, value: "2" }] }\n')).toEqual(['Patch']);
  });

  it('is told from a remedy in tablefull’s own format', () => {
    expect(isManifest('apiVersion: v1\nkind: Pod\n')).toBe(true);
    expect(isManifest('summary: ours\nexpected: cured\nchanges: []\n')).toBe(false);
  });

  it('is refused with file, line and column where it is broken', () => {
    expect(() => names('apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: }\n')).toThrow(
      /^a\.yaml:5:\d+/,
    );
    expect(() => names('apiVersion: v1\nkind: Pod\n---\nfoo: 1\n')).toThrow(
      'a.yaml:3: this document is not a Kubernetes object; it needs apiVersion and kind',
    );
  });

  it('says names as one line, whatever they hold', () => {
    expect(names('apiVersion: v1\nkind: Pod\nmetadata: { name: "a\\nb\\u001b[31m" }\n')[0]).not.toMatch(/\n/);
  });
});
