import { endpoints } from './endpoints.ts';
import { fewLocalPorts, fewSnatPorts } from './few-ports.ts';
import { forgedSegment } from './forged-segment.ts';
import { simultaneous } from './simultaneous.ts';
import { kubeProxyRestart, kubeProxyStart } from './kube-proxy-start.ts';
import { fewBuckets } from './few-buckets.ts';
import { squeeze } from './squeeze.ts';
import { strictReversePath } from './strict-reverse-path.ts';

/** All faults. A run with `--control` has none. */
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
