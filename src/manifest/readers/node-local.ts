import type { ManifestDocument } from '../documents.ts';
import { nodeDns } from '../effects/node-dns.ts';
import { podSpecOf } from '../pod.ts';
import { NOTHING } from '../understanding.ts';
import type { Reader } from './reader.ts';

const IMAGE = /\bk8s-dns-node-cache\b/;
/** Objects that NodeLocal DNSCache's own manifest has beside the DaemonSet. */
const COMPANIONS = /^(ServiceAccount|ConfigMap|Service)$/;
const NAMES = /node-?local-?dns|kube-dns-upstream/;

/** NodeLocal DNSCache: its DaemonSet, and what comes with it. */
export const nodeLocal: Reader = (document, { documents }) => {
  if (!documents.some(isCache)) return undefined;
  const { name, object } = document;
  if (isCache(document)) {
    const tracked = argumentsOf(document).some((arg) =>
      /^-{1,2}(setupiptables=false|setupiptables false)$/.test(arg),
    );
    const what = `NodeLocal DNSCache${tracked ? ', -setupiptables=false' : ' with its NOTRACK rules'}`;
    const effect = nodeDns({ notrack: !tracked });
    return { ...NOTHING, parts: [{ where: name, what, effect }], asItIs: false };
  }
  const belongs = COMPANIONS.test(object.kind) && NAMES.test(object.metadata?.name ?? '');
  return belongs ? { ...NOTHING, asItIs: false } : undefined;
};

function isCache({ object }: ManifestDocument): boolean {
  return object.kind === 'DaemonSet' && containersOf(object).some(({ image }) => IMAGE.test(image));
}

function argumentsOf({ object }: ManifestDocument): readonly string[] {
  return containersOf(object).flatMap(({ command, args }) => [...(command ?? []), ...(args ?? [])]);
}

function containersOf(object: ManifestDocument['object']) {
  const spec = podSpecOf(object);
  return spec === undefined || 'why' in spec ? [] : (spec.containers ?? []);
}
