import { endpoints } from './endpoints.ts';
import { fewLocalPorts, fewSnatPorts } from './few-ports.ts';
import { forgedSegment } from './forged-segment.ts';
import { simultaneous } from './simultaneous.ts';
import { kubeProxyRestart, kubeProxyStart } from './kube-proxy-start.ts';
import { fewBuckets } from './few-buckets.ts';
import { squeeze } from './squeeze.ts';
import { strictReversePath } from './strict-reverse-path.ts';

/** Every fault there is. The null fault is a run with `--control`: everything but the fault. */
export const FAULTS = [
  squeeze,
  forgedSegment,
  endpoints,
  strictReversePath,
  fewLocalPorts,
  fewSnatPorts,
  kubeProxyStart,
  kubeProxyRestart,
  simultaneous,
  fewBuckets,
] as const;
