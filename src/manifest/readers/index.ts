import { corefile } from './corefile.ts';
import { kubeProxy } from './kube-proxy.ts';
import { nodeLocal } from './node-local.ts';
import type { Reader } from './reader.ts';
import { supporting } from './supporting.ts';
import { workload } from './workload.ts';

/** Each document goes to the first that knows it. To add one: a file, and a line here. */
export const READERS: readonly Reader[] = [kubeProxy, nodeLocal, corefile, workload, supporting];
