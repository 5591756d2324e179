/** Recorded in place of a node, where a change is not made on one: by the API server, and on the machine itself. */
export const CLUSTER = 'cluster';
export const MACHINE = 'machine';
