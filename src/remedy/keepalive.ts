import type { Remedy } from './remedy.ts';

export const keepalive: Remedy = {
  name: 'keepalive',
  summary: 'pods keep their connections and reuse them instead of opening one a request',
  applies: 'each client application',
  cost: 'a change to the application; idle connections hold an entry each',
  requires: ['load:simple-app|node-agent|k6'],
  changes: ({ client, demand, background }) => {
    const other = background[client];
    // Only a curl loop can hold, or leak, what it does not reuse.
    const set =
      (other ?? demand).kind === 'simple-app' ? { reuse: true, hold: false, leak: false } : { reuse: true };
    return [{ kind: 'load', ...(other && { of: client }), set }];
  },
};
