import type { ManifestDocument } from './documents.ts';
import type { Kernel } from './effect.ts';
import { dataOf } from './readers/config-map.ts';
import { READERS } from './readers/index.ts';
import { NOTHING, type Understanding } from './understanding.ts';

/** A document with what it does. */
export interface Understood {
  readonly document: ManifestDocument;
  readonly understanding: Understanding;
}

/** Reads every document of a manifest. Nothing is executed. */
export function understand(documents: readonly ManifestDocument[], kernel: Kernel): readonly Understood[] {
  const configMaps = new Map(
    documents.flatMap(({ object }) =>
      object.kind === 'ConfigMap' ? [[object.metadata?.name ?? '', dataOf(object)] as const] : [],
    ),
  );
  const around = { kernel, configMaps, documents };
  return documents.map((document) => {
    for (const reader of READERS) {
      const understanding = reader(document, around);
      if (understanding !== undefined) return { document, understanding };
    }
    return { document, understanding: NOTHING };
  });
}
