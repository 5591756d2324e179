import { ASKING_BOTH, RESOLVING } from '../../remedy/loads.ts';
import { defineEffect } from '../effect.ts';

/** The option by which a client asks for A and AAAA from a socket each. */
const A_SOCKET_EACH = 'single-request-reopen';

/** Options of the pods' resolv.conf: `ndots:2`. */
export const resolver = defineEffect<readonly string[]>({
  changes: (given, { protocol }) => {
    if (protocol.demand.kind === 'dns-race' && given.includes(A_SOCKET_EACH))
      return {
        changes: [{ kind: 'load', set: { sockets: 'each' } }],
        means: 'A and AAAA from a socket each',
      };
    if (protocol.topology.resolver === undefined) return { why: 'no pod of this scenario has a resolv.conf' };
    const options = [...given];
    return {
      changes: [{ kind: 'resolver', options }],
      means: `options ${options.join(' ')} in every pod’s resolv.conf`,
    };
  },
  needsAlone: (each) => (each.flat().includes(A_SOCKET_EACH) ? ASKING_BOTH : RESOLVING),
});
