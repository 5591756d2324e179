import { loadWith } from './loads.ts';
import type { Remedy } from './remedy.ts';

export const keepalive: Remedy = {
  name: 'keepalive',
  summary: 'pods keep their connections and reuse them instead of opening one per request',
  applies: 'each client application',
  cost: 'a change to the application; idle connections hold an entry each',
  why: { helps: 'one entry serves many requests', fails: 'does not reach what fails' },
  requires: [loadWith('reuse')],
  changes: ({ client, demand, background }) => {
    const other = background[client];
    // Loads that hold or leak connections stop doing so.
    const set = { reuse: true, ...('hold' in (other ?? demand) && { hold: false, leak: false }) };
    return [{ kind: 'load', ...(other && { of: client }), set }];
  },
};
