import type { Remedy } from './remedy.ts';

export const keepalive: Remedy = {
  name: 'keepalive',
  summary: 'pods keep their connections and reuse them instead of opening one a request',
  applies: 'each client application',
  cost: 'a change to the application; idle connections hold an entry each',
  requires: ['load:simple-app'],
  changes: () => [{ kind: 'load', set: { reuse: true, hold: false, leak: false } }],
};
