import { defineFigures, type FigureGroup } from './figure.ts';
import { per } from './lab.ts';
import { inspects } from './needs.ts';

const STATE = 'state.';
const STATES = { like: /./, which: 'a state of TCP, UDP or OTHER' };

export const entries: FigureGroup = {
  title: 'Entries and sockets',
  intro:
    'Read once after the phase, from the entries. Each read walks through the table, so the protocol must ask for it.',
  figures: [
    ...defineFigures(
      'lab',
      { unit: 'entries', source: 'ctnetlink dump', needs: inspects('states') },
      {
        'state.STATE': {
          values: STATES,
          doc: 'Entries of the demand in this state. UDP has no states: its entries are `state.UDP`.',
        },
        'timeout.STATE': {
          values: STATES,
          unit: 's',
          doc: 'The longest remaining lifetime of an entry in this state.',
        },
        'entries.stale': {
          doc: 'Entries from a service’s address to pods that are no longer behind it: kube-proxy’s own criterion.',
          needs: inspects('stale'),
        },
        'entries.stale.share': {
          unit: '0 to 1',
          doc: '`entries.stale` / the demand’s entries; 0 where there are none.',
          loss: true,
          needs: inspects('stale'),
        },
        'entries.perRate': {
          doc: 'Long-run entries for each operation offered a second (Little’s law: entries = rate × lifetime): the sum of `state.S` × `timeout.S` after the phase, / offered of the demand.',
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
          values: { like: /./, which: 'a value of field 4' },
          unit: 'lines',
          doc: 'Lines whose field 4, the protocol’s number, is VALUE. In the baseline only.',
          source: '/proc/net/nf_conntrack',
          needs: inspects('procfs'),
        },
        'procfs.$6.VALUE': {
          values: { like: /./, which: 'a value of field 6' },
          unit: 'lines',
          doc: 'Lines whose field 6, the state, is VALUE. Lines without a state have a source address there and count as `src=`. In the baseline only.',
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
          doc: 'Entries of the demand that this pod opened and that still exist. `inspect: [culprit]` includes held ones, and reads the node that dropped most (if none did, the node under test).',
          needs: inspects('pods', 'culprit'),
        },
        'pod.NAME.sockets': {
          values: { like: /./, which: 'a pod’s name' },
          unit: 'sockets',
          doc: 'Open TCP sockets in this pod of the same node, as in `container_sockets`.',
          source: '/proc/net/sockstat',
        },
        'dump.ms': { unit: 'ms', doc: 'How long the dump took.', source: 'the clock' },
        netns: {
          unit: 'inode',
          doc: 'The node’s number in the kernel’s log: `table full in netns 4026532345`.',
          source: '`stat`',
        },
      },
    ),
  ],
};
