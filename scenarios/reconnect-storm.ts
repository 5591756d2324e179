import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** Half as many as in the claim, with half the room: so many are back within 8 s on a slow machine, too. */
const CLIENTS = 50_000;

/**
 * Claim 2a: a backend with 100,000 clients restarts, and all return while their old entries still exist.
 */
export default defineScenario({
  name: 'reconnect-storm',
  summary: 'a backend with 50,000 clients restarts; the table has room for them once, but not twice',
  params: {
    goodbye: {
      values: ['reset', 'close'],
      summary: 'the restart resets its connections, or closes them properly',
    },
    watch: {
      values: ['verdict', 'all-back'],
      summary: 'until it is clear which clients are late, or until all are back',
    },
  },
  matrix: [{}, { goodbye: 'close' }],
  protocol: ({ goodbye, watch }) => ({
    topology: {
      nodes: ['worker-1'],
      pods: {
        clients: { replicas: 1, nodes: ['worker-1'] },
        backend: { replicas: 1, nodes: ['worker-1'] },
      },
      services: { backend: { pods: 'backend', port: 443, app: 'stateless' } },
    },
    node: 'worker-1',
    demand: {
      kind: 'reconnect',
      pods: 'clients',
      service: 'backend',
      clients: CLIENTS,
      goodbye,
      patience: '900ms',
      // Their old entries stay for 10 s in state CLOSE. The clients must be back before that.
      reaction: '8s',
      giveUp: watch === 'verdict' ? '1.5s' : '16s',
    },
    fault: squeeze.on({ node: 'worker-1', free: 1.5 * CLIENTS }),
    symptom: {
      expected: 'reproduced',
      when: ['back.late > 0.2', 'drop.delta > 0', 'free.min <= 0'],
      loss: 'back.late',
    },
    show: [
      'clients.offered',
      'clients.answered',
      'clients.too late',
      'clients.outcome[(28)]',
      'back.late',
      'back.half',
      'back.all',
      'entries.max',
      'limit',
      'drop.delta',
      'early_drop.delta',
      'conservation',
    ],
    relief: watch === 'all-back',
    lifetime: '24h',
    // All return, once.
    burst: true,
    remedies: {
      'backoff-with-jitter': goodbye === 'reset' ? 'cured' : 'no-effect',
      'shorter-timeouts': 'no-effect',
      'raise-max': 'no-effect',
      placebo: 'no-effect',
    },
  }),
});
