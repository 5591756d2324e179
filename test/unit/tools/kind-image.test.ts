import { describe, expect, test } from 'vitest';
import { contentKey, otherResults } from '../../../tools/kind-image/cache.ts';
import { imageArchitecture, imageConfig } from '../../../tools/kind-image/image-archive.ts';
import { containerdConfig } from '../../../tools/kind-image/node-image.ts';
import { criBase } from '../../../tools/kind-image/node-rootfs.ts';
import { missingPrograms } from '../../../tools/kind-image/packages.ts';
import { mirrorOf, osRelease } from '../../../tools/kind-image/apt-mirror.ts';
import { COMPONENTS, imageNames } from '../../../tools/kind-image/versions.ts';
import { goMod } from '../../../tools/go-module.ts';
import { explaining } from '../../../tools/steps.ts';

describe('content keys', () => {
  test('change with any input and any source, and with nothing else', () => {
    const key = contentKey({ version: '1' }, ['a', 'b']);
    expect(key).toMatch(/^[0-9a-f]{16}$/);
    expect(contentKey({ version: '1' }, ['a', 'b'])).toBe(key);
    const others = [
      contentKey({ version: '2' }, ['a', 'b']),
      contentKey({ version: '1' }, ['a', 'c']),
      contentKey({ version: '1' }, ['ab', '']),
      contentKey({ version: '1' }, ['ab']),
    ];
    expect(new Set([key, ...others]).size).toBe(5);
  });

  test('name older results of the same step, and no other', () => {
    const key = '0123456789abcdef';
    const older = 'fedcba9876543210';
    const names = [
      `base-${key}`,
      `base-${older}`,
      `base-${older}.new`,
      `base-x-${older}`,
      'logs',
      'bin',
      `kind-${older}`,
    ];
    expect(otherResults(names, 'base', key)).toEqual([`base-${older}`, `base-${older}.new`]);
  });
});

describe('image names', () => {
  const printed = [
    ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map(
      (name) => `registry.example:5000/${name}:v1.34.4`,
    ),
    'registry.example:5000/coredns/coredns:v1.12.1',
    'registry.example:5000/pause:3.10.1',
    'registry.example:5000/etcd:3.6.5-0',
  ];

  test('are those that kubeadm asks for', () => {
    const names = imageNames(`${printed.join('\n')}\n`);
    expect(Object.keys(names).sort()).toEqual([...COMPONENTS].sort());
    expect(names.coredns).toBe('registry.example:5000/coredns/coredns:v1.12.1');
    expect(names.pause).toBe('registry.example:5000/pause:3.10.1');
    expect(names['kube-proxy']).toBe('registry.example:5000/kube-proxy:v1.34.4');
  });

  test('lack none', () => {
    expect(() => imageNames(printed.slice(0, -1).join('\n'))).toThrow('kubeadm lists no image of etcd');
  });
});

test('an image has one layer, an entrypoint and a PATH', () => {
  const config: unknown = JSON.parse(imageConfig(['/usr/local/bin/etcd'], 'ab12', 'amd64'));
  expect(config).toMatchObject({
    architecture: 'amd64',
    config: { Entrypoint: ['/usr/local/bin/etcd'] },
    rootfs: { diff_ids: ['sha256:ab12'] },
  });
  expect([imageArchitecture('x64'), imageArchitecture('arm64')]).toEqual(['amd64', 'arm64']);
});

test("containerd's settings get kubeadm's pause image and a bound on oom_score_adj", () => {
  const text = '[a]\n  sandbox_image = "other/pause:1"\n  restrict_oom_score_adj = false\n  keep = true\n';
  expect(containerdConfig(text, 'registry.example/pause:3')).toBe(
    '[a]\n  sandbox_image = "registry.example/pause:3"\n  restrict_oom_score_adj = true\n  keep = true\n',
  );
});

test("the spec of containers has kind's hook and no limits, and the rest as it was", () => {
  const spec: unknown = JSON.parse(
    criBase('{"ociVersion":"1","process":{"cwd":"/","rlimits":[{"type":"x"}]}}'),
  );
  expect(spec).toEqual({
    ociVersion: '1',
    process: { cwd: '/' },
    hooks: { createContainer: [{ path: '/kind/bin/mount-product-files.sh' }] },
  });
});

describe("apt's mirror", () => {
  const targets = [
    'http://mirror.example/security rolling-security main',
    'http://mirror.example/os rolling main',
    'http://mirror.example/os rolling universe',
    'http://other.example/os rolling extra',
    'http://mirror.example/os rolling main',
  ].join('\n');

  test('is the first of the suite, with all its components', () => {
    expect(mirrorOf('rolling', targets)).toEqual({
      suite: 'rolling',
      url: 'http://mirror.example/os',
      components: ['main', 'universe'],
    });
  });

  test('is missed where no line has the suite', () => {
    expect(() => mirrorOf('older', targets)).toThrow('apt knows no mirror of older');
  });

  test('is looked for by the codename of the release', () => {
    const text = 'ID=some\nVERSION_CODENAME="rolling"\nVERSION=1\n';
    expect(osRelease(text, 'VERSION_CODENAME')).toBe('rolling');
    expect(osRelease(text, 'VERSION')).toBe('1');
    expect(osRelease(text, 'NAME')).toBeUndefined();
  });
});

describe('a go.mod of our own', () => {
  const upstream =
    'module a\n\ngo 1.24.0\n\ngodebug default=go1.24\n\nreplace (\n\tk8s.io/api => ./staging/src/k8s.io/api\n)\n';
  const wanted = {
    path: 'k8s.io/kubernetes',
    version: '1.34.4',
    programs: ['k8s.io/kubernetes/cmd/kubelet'],
  };

  test('takes the published twins of what lies in staging/', () => {
    const lines = goMod(wanted, upstream).split('\n');
    expect(lines).toContain('go 1.24.0');
    expect(lines).toContain('godebug default=go1.24');
    expect(lines).toContain('tool k8s.io/kubernetes/cmd/kubelet');
    expect(lines).toContain('require k8s.io/kubernetes v1.34.4');
    expect(lines).toContain('\tk8s.io/api => k8s.io/api v0.34.4');
  });

  test('replaces nothing where there is no staging/', () => {
    expect(goMod(wanted, 'module a\n\ngo 1.24.0\n')).not.toContain('replace');
  });
});

test('a failed step shows the end of its log, without downloads and blank lines', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const log = ['go: downloading a v1', ...lines, '', 'go: downloading b v1', 'it broke', ''].join('\n');
  expect(explaining(log)).toEqual([...lines.slice(-14), 'it broke']);
});

test('missing programs are those that are nowhere on PATH', () => {
  expect(missingPrograms(['sh', 'no-such-program'], '/bin:/usr/bin')).toEqual(['no-such-program']);
});
