import { defineScenario } from '../src/scenario/define.ts';

const CLOSE_WAIT = 'net.netfilter.nf_conntrack_tcp_timeout_close_wait';
const LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal';
/** How many times shorter timeouts are: kube-proxy’s 3,600 s, the kernel’s 60 s, the answer’s 120 s. */
const SCALE = 60;
const KUBE_PROXY = 3_600 / SCALE;
const KERNEL = 60 / SCALE;
/** s. When the server answers. */
const ANSWER = 2;
/** The port of the proxy in the application’s pod. */
const PROXY = 15_006;
const POD = 'server-0';

/** istio issues 36489 and 43297, linkerd issue 5180: conntrack in a pod's own namespace. */
export default defineScenario({
  name: 'mesh-redirect',
  summary:
    'a mesh redirects a pod’s connections in its own network namespace; that table has settings of its own, which no node’s reach',
  params: {
    connection: {
      values: ['half-closed', 'out-of-window'],
      summary: 'what the pod’s table gets wrong: a late answer, or a segment outside the window',
    },
  },
  matrix: [{}, { connection: 'out-of-window' }],
  protocol: ({ connection }) => {
    const late = connection === 'half-closed';
    const app = late ? ({ app: 'echo', delay: ANSWER } as const) : ({ app: 'boom-server' } as const);
    /** The application's own port, which the lab gives to each app. */
    const port = late ? 7007 : 9090;
    return {
      topology: {
        nodes: ['worker-1', 'worker-2'],
        pods: {
          client: { replicas: 5, nodes: ['worker-1'] },
          server: { replicas: 1, nodes: ['worker-2'], ownTable: true },
        },
        services: {
          app: { pods: 'server', port: 80, ...app },
          // Plays the mesh's proxy: it answers what the application would.
          proxy: { pods: 'server', port: PROXY, targetPort: PROXY, ...app },
        },
      },
      node: 'worker-2',
      sysctls: { [CLOSE_WAIT]: KUBE_PROXY },
      demand: late
        ? {
            kind: 'exchange',
            pods: 'client',
            service: 'app',
            protocol: 'tcp',
            connect: 'each',
            halfClose: true,
            clients: 50,
            everyMs: 400,
            seconds: 0.4,
            patience: ANSWER + 1,
          }
        : {
            kind: 'boom-server',
            pods: 'client',
            service: 'app',
            connections: 50,
            seconds: 0.4,
            segment: 'above',
            forgedBy: 'client',
            patience: '1s',
          },
      prepare: [
        // As in kube-proxy's nftables mode: the nodes call no segment INVALID for its place.
        { kind: 'invalid-rule', node: 'all' },
        { kind: 'sysctl', node: 'all', name: LIBERAL, value: 1 },
        { kind: 'pod-sysctl', pods: 'server', name: CLOSE_WAIT, value: String(KERNEL) },
      ],
      fault: {
        kind: 'pod-nft',
        pods: 'server',
        hook: 'prerouting',
        type: 'nat',
        priority: -100,
        rules: [`tcp dport ${String(port)} redirect to :${String(PROXY)}`],
      },
      symptom: {
        expected: 'reproduced',
        when: late
          ? [
              'exchanges.failed.rate > 0.9',
              'exchanges.failed == exchanges.outcome[(28)]',
              `${POD}.entries.max > 20`,
              `${POD}.entries.last < entries.last`,
              'worker-1.packets.rst > 20',
              'drop.delta == 0',
            ]
          : [
              'connections.failed.rate > 0.9',
              `${POD}.invalid.delta > 40`,
              'invalid.delta == 0',
              'packets.rst > 20',
              'drop.delta == 0',
            ],
        loss: late ? 'exchanges.failed.rate' : 'connections.failed.rate',
      },
      show: [
        ...(late
          ? ['exchanges.offered', 'exchanges.answered', 'exchanges.outcome[(28)]']
          : ['connections.offered', 'connections.answered', 'connections.outcome[(56)]']),
        `${POD}.entries.max`,
        `${POD}.entries.last`,
        `${POD}.invalid.delta`,
        'entries.max',
        'invalid.delta',
        'packets.rst',
        'worker-1.packets.rst',
        'drop.delta',
      ],
      ...(late && {
        compressed: `close_wait is ${String(SCALE)} times shorter: ${String(KUBE_PROXY)} s on the nodes for kube-proxy's 3,600 s, ${String(KERNEL)} s in the pod for the kernel's 60 s; an answer after ${String(ANSWER)} s instead of ${String(ANSWER * SCALE)} s`,
      }),
      note: 'a second server in the pod plays the mesh’s proxy: it answers what the application would',
      remedies: {
        'be-liberal': 'no-effect',
        'drop-invalid': 'no-effect',
        ...(late && { 'tcp-keepalive': 'cured' as const }),
        placebo: 'no-effect',
      },
      why: {
        'be-liberal': 'the nodes are liberal already',
        'drop-invalid': 'the nodes call nothing INVALID',
        'node-timeout': 'the pod’s table has timeouts of its own',
        'pod-timeout': late ? 'the pod’s entry outlives the wait' : 'no entry ends early here',
        'pod-be-liberal': late ? 'nothing is INVALID here' : 'the segment keeps its redirect',
        'pod-drop-invalid': late ? 'nothing is INVALID here' : 'the segment reaches no socket',
        'skip-port': 'no redirect: no entry in the pod',
      },
      ownRemedies: {
        'node-timeout': {
          summary: 'kube-proxy’s conntrack.tcpCloseWaitTimeout on every node, ten times as long',
          expected: 'no-effect',
          changes: [{ kind: 'sysctl', node: 'all', name: CLOSE_WAIT, value: 10 * KUBE_PROXY }],
        },
        'pod-timeout': {
          summary:
            'the pod’s own nf_conntrack_tcp_timeout_close_wait, as long as the nodes’ (securityContext.sysctls)',
          expected: late ? 'cured' : 'no-effect',
          changes: [{ kind: 'pod-sysctl', pods: 'server', name: CLOSE_WAIT, value: String(KUBE_PROXY) }],
        },
        'pod-be-liberal': {
          summary: 'nf_conntrack_tcp_be_liberal=1 in the pod’s own namespace',
          expected: late ? 'no-effect' : 'cured',
          changes: [{ kind: 'pod-sysctl', pods: 'server', name: LIBERAL, value: '1' }],
        },
        'pod-drop-invalid': {
          summary: 'a rule in the pod drops what its table calls INVALID, as istio’s INVALID_DROP does',
          expected: late ? 'no-effect' : 'cured',
          changes: [
            {
              kind: 'pod-nft',
              pods: 'server',
              hook: 'prerouting',
              priority: -150,
              rules: ['ct state invalid counter drop'],
            },
          ],
        },
        'skip-port': {
          summary:
            'the port is left out of the mesh (istio’s excludeInboundPorts, linkerd’s skip-inbound-ports)',
          expected: 'cured',
          changes: [
            {
              kind: 'pod-nft',
              pods: 'server',
              hook: 'prerouting',
              priority: -300,
              rules: [`tcp dport ${String(port)} notrack`],
            },
          ],
        },
      },
    };
  },
});
