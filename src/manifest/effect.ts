import type { Change } from '../change/index.ts';
import type { Squeeze } from '../change/squeezes.ts';
import type { Measured } from '../remedy/remedy.ts';
import type { Requirement } from '../remedy/requirement.ts';
import type { Protocol } from '../schema/protocol.ts';

/** The lab that a manifest is translated for. */
export interface LabOfManifest {
  /** Whether kube-proxy and CoreDNS are there. */
  readonly cluster: boolean;
  readonly squeeze: Squeeze;
}

/** What is known of the kernel that the nodes run on. */
export interface Kernel {
  readonly hasSysctl: (name: string) => boolean;
  /** Whether each network namespace has its own; the others are the machine's. */
  readonly isOfNamespace: (name: string) => boolean;
  /** The present value. @throws Error where it can't be read */
  readonly readSysctl: (name: string) => string;
  readonly cores: number;
}

/** Where a manifest's effects are to be had. */
export interface Target {
  readonly lab: LabOfManifest;
  readonly protocol: Protocol;
  readonly kernel: Kernel;
  /** What the symptom's phases measured; undefined before the run. */
  readonly measured: Measured | undefined;
}

/** Changes that have an effect, in words; or why this lab has none. */
export type Translated = Effective | { readonly why: string };

export interface Effective {
  readonly changes: readonly Change[];
  readonly means: string;
  /** Where `means` begins with a setting: that setting, and the rest, for a line that has said it already. */
  readonly set?: { readonly setting: string; readonly how: string };
}

/** One kind of effect. To add one: a file of effects/, and the reader that finds it in documents. */
interface EffectKind<D> {
  /** The changes of a lab that have the same effect. */
  readonly changes: (data: D, target: Target) => Translated;
  /** The setting that it writes: of several parts that write one, the last is what stays. */
  readonly writes?: (data: D) => string;
  /** Whether the lab makes it where a cluster gets the manifest as it is: a node of kind, a container, can't. */
  readonly isOfMachine?: (data: D) => boolean;
  /** In a cluster, several parts that are made in one go. */
  readonly atOnce?: { readonly has: (data: D) => boolean; readonly all: (each: readonly D[]) => D };
  /** What a manifest with it needs. */
  readonly needs?: (data: D) => Requirement | undefined;
  /** What a manifest needs that has nothing else; beside other parts, one without effect is a gap. */
  readonly needsAlone?: (each: readonly D[]) => Requirement;
}

/** What a part of a manifest does to a node, a pod or the cluster, whatever the scenario. */
export interface Effect {
  readonly kind: EffectKind<unknown>;
  /** Its kind's own; only the kind reads it. */
  readonly data: unknown;
}

/** Declares a kind of effect. @returns makes an effect of it */
export function defineEffect<D>(kind: EffectKind<D>): (data: D) => Effect {
  return (data) => ({ kind: kind as unknown as EffectKind<unknown>, data });
}

/** The changes of a lab that have an effect. */
export function changesOf({ kind, data }: Effect, target: Target): Translated {
  return kind.changes(data, target);
}

/** What manifests with these effects need, whatever the scenario. */
export function needsOf(effects: readonly Effect[]): readonly Requirement[] {
  const each = effects.flatMap(({ kind, data }) => kind.needs?.(data) ?? []);
  const [kind, ...others] = new Set(effects.map((effect) => effect.kind));
  const alone = others.length === 0 ? kind?.needsAlone?.(effects.map(({ data }) => data)) : undefined;
  return [...new Set(each), ...(alone === undefined ? [] : [alone])];
}

/** @param joined between the setting and how it is made */
export function setting(
  changes: readonly Change[],
  text: string,
  joined: ' ' | ', ',
  how: string,
): Effective {
  return { changes, means: `${text}${joined}${how}`, set: { setting: text, how } };
}
