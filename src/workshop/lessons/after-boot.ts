import { LAB_FILES } from '../../lab/shell.ts';
import { KUBECTL, type Lesson } from '../lesson.ts';

const CONFIG = `${LAB_FILES}/worker-1/kube-proxy.conf`;

export const afterBoot: Lesson = {
  name: 'after-boot',
  title: 'two of three settings are back to their old values after each boot',
  minutes: 15,
  scenario: 'kube-proxy-revert',
  cause: 'kube-proxy',
  demand: { configFile: CONFIG },
  files: [
    {
      name: CONFIG,
      text: `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
conntrack: {}
`,
    },
  ],
  report:
    'worker-1 sets three timeouts at boot, from a file in /etc/sysctl.d: established 7200 s, close_wait 60 s, time_wait 30 s. A ' +
    'minute later the first two have other values; the third has ours. systemd-sysctl logs no error. Somebody ran sysctl -w on all ' +
    'nodes, and it was right until the next boot. Each check boots the node.',
  place: 'worker-1',
  hints: [
    'The file is read, for the third value is right. So something sets the other two later. Which values do they have afterwards, and whose are they? `sysctl -a 2>/dev/null | grep nf_conntrack_tcp_timeout`.',
    'A program that starts on each node of a cluster sets tcp_timeout_established and tcp_timeout_close_wait to its own defaults, 24 h and 1 h, and knows nothing of time_wait: kube-proxy. Where is its configuration?',
    `kube-proxy’s configuration on this node is ${CONFIG}. Its section \`conntrack\` has tcpEstablishedTimeout and tcpCloseWaitTimeout: durations such as 2h0m0s. 0s leaves a value alone.`,
  ],
  explain: `kube-proxy sets conntrack sysctls when it starts: the maximum, the timeouts of established and of CLOSE_WAIT, and with newer versions
those of UDP and be_liberal. It starts after /etc/sysctl.d was read, so it has the last word, in both directions. It does so once: what is set by
hand later stays until it is restarted, with the next boot or the next update.

The values belong into its own configuration: \`conntrack.tcpEstablishedTimeout\`, \`tcpCloseWaitTimeout\`, \`min\` with \`maxPerCore\`; or \`0s\`
and \`maxPerCore: 0\`, with which it leaves them alone. In a cluster that is the ConfigMap kube-proxy in kube-system, and a restart of the
DaemonSet.`,
  pages: ['kube-proxy-revert', 'kube-proxy-config'],
  right: [
    {
      says: 'give kube-proxy the values',
      lines: [
        {
          place: 'worker-1',
          line: `sed -i 's/^conntrack:.*/conntrack: { tcpEstablishedTimeout: 2h0m0s, tcpCloseWaitTimeout: 1m0s }/' ${CONFIG}`,
        },
      ],
      outcome: 'cured',
      why: 'kube-proxy itself sets them when it starts',
    },
    {
      says: 'make kube-proxy leave them alone',
      lines: [
        {
          place: 'worker-1',
          line: `sed -i 's/^conntrack:.*/conntrack: { tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s }/' ${CONFIG}`,
        },
      ],
      outcome: 'cured',
      why: 'the values of the boot stay',
    },
  ],
  wrong: [
    {
      says: 'set the values again by hand',
      lines: [
        { place: 'worker-1', line: 'sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=7200' },
        { place: 'worker-1', line: 'sysctl -w net.netfilter.nf_conntrack_tcp_timeout_close_wait=60' },
      ],
      outcome: 'unchanged',
      why: 'kube-proxy overwrites them when it starts the next time',
    },
  ],
  onCluster: {
    report:
      'The nodes set three timeouts at boot, from a file in /etc/sysctl.d: established 7200 s, close_wait 60 s, time_wait 30 s. ' +
      'Later the first two have other values on worker-1; the third has ours. Whoever sets them by hand has to do it again after ' +
      'each update of the cluster’s own pods. Each check sets them, and has such an update.',
    hints: [
      'The third value is right, so the file is read. What runs on each node, starts with an update, and may write sysctls? `kubectl -n kube-system get pods -o wide`.',
      'kube-proxy sets tcp_timeout_established and tcp_timeout_close_wait to its own defaults, 24 h and 1 h, and knows nothing of time_wait. `kubectl -n kube-system get configmap kube-proxy -o yaml`.',
      'In the ConfigMap’s config.conf, section conntrack: tcpEstablishedTimeout and tcpCloseWaitTimeout, as durations: 2h0m0s and 1m0s. `kubectl -n kube-system edit configmap kube-proxy`.',
    ],
    right: [
      {
        says: 'give kube-proxy the values',
        lines: [
          {
            place: KUBECTL,
            line: `kubectl -n kube-system get configmap kube-proxy -o yaml | sed 's/tcpEstablishedTimeout: .*/tcpEstablishedTimeout: 2h0m0s/; s/tcpCloseWaitTimeout: .*/tcpCloseWaitTimeout: 1m0s/' | kubectl replace -f -`,
          },
        ],
        outcome: 'cured',
        why: 'kube-proxy itself sets them when it starts',
      },
    ],
    wrong: [
      {
        says: 'restart kube-proxy',
        lines: [
          { place: KUBECTL, line: 'kubectl -n kube-system rollout restart daemonset kube-proxy' },
          { place: KUBECTL, line: 'kubectl -n kube-system rollout status daemonset kube-proxy' },
        ],
        outcome: 'unchanged',
        why: 'it sets its own values again',
      },
    ],
  },
};
