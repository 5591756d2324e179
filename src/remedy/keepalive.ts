import { loadWith } from './loads.ts';
import type { Breaks, Remedy } from './remedy.ts';

/** Of each remedy that has connections kept. */
export const KEPT_CONNECTIONS: Breaks = {
  what: 'requests on a connection whose backend died',
  shownBy: 'dead-backend',
};

export const keepalive: Remedy = {
  name: 'keepalive',
  summary: 'pods keep their connections and reuse them instead of opening one per request',
  applies: 'each client application',
  cost: 'a change to the application; idle connections hold an entry each',
  why: { helps: 'one entry serves many requests', fails: 'does not reach what fails' },
  breaks: KEPT_CONNECTIONS,
  requires: [loadWith('reuse')],
  changes: ({ client, demand, background }) => {
    const other = background[client];
    // Loads that hold or leak connections stop doing so.
    const set = { reuse: true, ...('hold' in (other ?? demand) && { hold: false, leak: false }) };
    return [{ kind: 'load', ...(other && { of: client }), set }];
  },
};
