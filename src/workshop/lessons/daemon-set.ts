import type { Written } from '../lesson.ts';

/**
 * A DaemonSet that sets sysctls on every node, as teams ship them.
 *
 * @param image with a shell and sysctl
 */
export function daemonSet(image: string, ...sysctls: readonly string[]): Written {
  return {
    name: 'fix.yaml',
    text: `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: tuner, namespace: kube-system }
spec:
  selector: { matchLabels: { app: tuner } }
  template:
    metadata: { labels: { app: tuner } }
    spec:
      hostNetwork: true
      initContainers:
        - name: set
          image: ${image}
          command: [sh, -c, '${sysctls.map((sysctl) => `sysctl -w ${sysctl}`).join(' && ')}']
          securityContext: { privileged: true }
      containers:
        - { name: stay, image: ${image}, command: [sleep, infinity] }
`,
  };
}
