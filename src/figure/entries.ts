import { defineFigures, type FigureGroup } from './figure.ts';
import { per } from './lab.ts';
import { inspects } from './needs.ts';

const STATE = 'state.';
const STATES = { like: /./, which: 'a state of TCP, UDP or OTHER' };

export const entries: FigureGroup = {
  title: 'Entries and sockets',
  intro:
    'Read once, when the phase is over, from the entries themselves: each walks through the table, so the protocol has to ask for it.',
  figures: [
    ...defineFigures(
      'lab',
      { unit: 'entries', source: 'ctnetlink dump', needs: inspects('states') },
      {
        'state.STATE': {
          values: STATES,
          doc: 'Of the demand, that stand in the table in this state. Those of UDP, which has none, are `state.UDP`.',
        },
        'timeout.STATE': { values: STATES, unit: 's', doc: 'The longest time that one of them has left.' },
        'entries.perRate': {
          doc: 'That stand in the table in the long run for each one offered a second (Little’s law: entries = rate × lifetime). What the phase has left, each `state.S` × `timeout.S`, / offered of the demand.',
          source: 'ctnetlink dump, `offered`',
          of: ({ figures, offered }) => {
            const states = Object.entries(figures).filter(([name]) => name.startsWith(STATE));
            if (states.length === 0) return undefined;
            const stay = states.reduce(
              (sum, [name, count]) => sum + count * (figures[name.replace(STATE, 'timeout.')] ?? 0),
              0,
            );
            return per(stay, offered);
          },
        },
        'procfs.$4.VALUE': {
          values: { like: /./, which: 'what stands in field 4' },
          unit: 'lines',
          doc: 'Whose field 4, the protocol’s number, is VALUE. In the baseline only.',
          source: '/proc/net/nf_conntrack',
          needs: inspects('procfs'),
        },
        'procfs.$6.VALUE': {
          values: { like: /./, which: 'what stands in field 6' },
          unit: 'lines',
          doc: 'Whose field 6, the state, is VALUE. A source address, where there is no state, counts as `src=`. In the baseline only.',
          source: '/proc/net/nf_conntrack',
          needs: inspects('procfs'),
        },
      },
    ),
    ...defineFigures(
      'node',
      { source: 'ctnetlink dump', needs: inspects('culprit') },
      {
        'pod.NAME.entries': {
          values: { like: /./, which: 'a pod’s name' },
          unit: 'entries',
          doc: 'That this pod opened and that stand, of the demand. With `inspect: [culprit]` held ones included, on the node that has dropped most (none has: the node under test).',
          needs: inspects('pods', 'culprit'),
        },
        'pod.NAME.sockets': {
          values: { like: /./, which: 'a pod’s name' },
          unit: 'sockets',
          doc: 'TCP sockets open in this pod, of the same node: what `container_sockets` counts.',
          source: '/proc/net/sockstat',
        },
        'dump.ms': { unit: 'ms', doc: 'What that dump cost.', source: 'the clock' },
        netns: {
          unit: 'inode',
          doc: 'The node’s number in the kernel’s log: `table full in netns 4026532345`.',
          source: '`stat`',
        },
      },
    ),
  ],
};
