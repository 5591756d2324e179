import { z } from 'zod';
import { objectSchema, type ManifestObject } from '../change/kubernetes-object.ts';
import { NoScenario, onOneLine } from '../scenario/located.ts';
import { readYaml } from '../scenario/yaml-text.ts';

export type { ManifestObject } from '../change/kubernetes-object.ts';

/** One object of a manifest. */
export interface ManifestDocument {
  /** For messages: `DaemonSet kube-system/tune`. */
  readonly name: string;
  readonly object: ManifestObject;
}

const listSchema = z.looseObject({ kind: z.literal('List'), items: z.array(z.unknown()) });
/** A patch as kustomize and `kubectl patch` take it: the changed part of a pod, or of a pod's template. */
const patchSchema = z.looseObject({ spec: z.looseObject({}) });

/** Splits at YAML's document markers, with the line that each document begins at. */
function documentsOf(text: string): readonly { readonly text: string; readonly line: number }[] {
  const documents: { text: string; line: number }[] = [{ text: '', line: 0 }];
  // A marker begins a line without indentation, which the lines of a block scalar never do.
  text.split(/(?<=\n)/).forEach((line, i) => {
    if (/^---(\s|$)/.test(line)) documents.push({ text: line.slice(3), line: i });
    else (documents.at(-1) ?? { text: '' }).text += line;
  });
  return documents;
}

/** Whether a text is Kubernetes manifests, rather than a remedy in tablefull's own format. */
export function isManifest(text: string): boolean {
  return documentsOf(text).some((document) => {
    const { value } = readYaml(document.text);
    return (
      objectSchema.safeParse(value).success ||
      listSchema.safeParse(value).success ||
      patchSchema.safeParse(value).success
    );
  });
}

/**
 * Parses the manifests of a file: YAML or JSON, several documents, lists.
 *
 * @param file its path, for messages
 * @throws NoScenario naming the file, the place and the fix
 */
export function readDocuments(text: string, file: string): readonly ManifestDocument[] {
  return documentsOf(text).flatMap((document) => {
    const { value, faults } = readYaml(document.text, document.line);
    const [fault] = faults;
    if (fault !== undefined) throw new NoScenario([onOneLine(`${file}${fault.at}: ${fault.why}`)]);
    if (value === null || value === undefined) return [];
    return objectsIn(value, `${file}:${String(document.line + 1)}`);
  });
}

function objectsIn(value: unknown, at: string): readonly ManifestDocument[] {
  const list = listSchema.safeParse(value);
  if (list.success) return list.data.items.flatMap((item) => objectsIn(item, at));
  const patch = patchSchema.safeParse(value);
  const isPatch = patch.success && patch.data.apiVersion === undefined && patch.data.kind === undefined;
  const object = objectSchema.safeParse(isPatch ? { apiVersion: 'v1', kind: 'Patch', ...patch.data } : value);
  if (!object.success)
    throw new NoScenario([
      onOneLine(`${at}: this document is not a Kubernetes object; it needs apiVersion and kind`),
    ]);
  const { kind, metadata } = object.data;
  const name = [metadata?.namespace, metadata?.name].filter((part) => part !== undefined).join('/');
  return [{ name: onOneLine(name === '' ? kind : `${kind} ${name}`), object: object.data }];
}
