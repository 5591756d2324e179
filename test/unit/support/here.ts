import type { Namespace } from '../../../src/kernel/netns.ts';

/** This process's own network, as a pod's. */
export const HERE: Namespace = { path: 'here', within: (fn) => fn() };
