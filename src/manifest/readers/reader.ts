import type { ManifestDocument } from '../documents.ts';
import type { Kernel } from '../effect.ts';
import type { Understanding } from '../understanding.ts';

/** What surrounds a document. */
interface AroundDocument {
  readonly kernel: Kernel;
  /** The data of the manifest's ConfigMaps, by name. */
  readonly configMaps: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** All documents of the manifest. */
  readonly documents: readonly ManifestDocument[];
}

/** Reads documents of one sort. @returns undefined for others */
export type Reader = (document: ManifestDocument, around: AroundDocument) => Understanding | undefined;
