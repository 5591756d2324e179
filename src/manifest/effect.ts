import type { KubeProxySettings } from '../change/kube-proxy-settings.ts';

/** What a part of a manifest does to a node, a pod or the cluster, whatever the scenario. */
export type Effect =
  | { readonly kind: 'sysctl'; readonly name: string; readonly value: number }
  /** A sysctl of the manifest's own pods. */
  | { readonly kind: 'pod-sysctl'; readonly name: string; readonly value: string }
  | NftChain
  /** Options of the pods' resolv.conf: `ndots:2`. */
  | { readonly kind: 'resolver'; readonly options: readonly string[] }
  | { readonly kind: 'kube-proxy'; readonly set: KubeProxySettings }
  | { readonly kind: 'coredns-forward'; readonly options: readonly ('prefer_udp' | 'force_tcp')[] }
  | { readonly kind: 'record-ttl'; readonly seconds: number }
  | { readonly kind: 'node-dns'; readonly notrack: boolean };

/** A base chain of nftables. */
export interface NftChain {
  readonly kind: 'nft';
  readonly type: 'filter' | 'nat';
  readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  readonly priority: number;
  readonly rules: readonly string[];
}

/** A part of a manifest that is understood. */
export interface Part {
  /** `DaemonSet kube-system/tune, init container set`. */
  readonly where: string;
  /** The part itself: `sysctl -w net.core.somaxconn=65535`. */
  readonly what: string;
  readonly effect: Effect;
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

/** A manifest, read without carrying it out. */
export interface Understanding {
  readonly parts: readonly Part[];
  /** What was not understood, a line each: document, path, why. */
  readonly gaps: readonly string[];
  /** What is wrong with it: containers that fail, values that nothing reads. */
  readonly findings: readonly string[];
  /** Whether a cluster gets the object itself; otherwise its parts stand for it there as well. */
  readonly asItIs: boolean;
}

export const NOTHING: Understanding = { parts: [], gaps: [], findings: [], asItIs: true };

/** Several as one. */
export function together(all: readonly Understanding[]): Understanding {
  return {
    parts: all.flatMap(({ parts }) => parts),
    gaps: all.flatMap(({ gaps }) => gaps),
    findings: [...new Set(all.flatMap(({ findings }) => findings))],
    asItIs: all.every(({ asItIs }) => asItIs),
  };
}
