import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { $, type Shell } from 'zx';
import { BASE, BASE_KEY, NETWORK_PROGRAMS } from './base-image.ts';
import { ROOT, contentKey, sources } from './cache.ts';
import { componentImages, wantedNames } from './component-images.ts';
import { BUILD_KEYS, BUILD_NAMES, OWN_KEY, installPrograms, kindFiles, programs } from './programs.ts';
import { NODE_IMAGE, VERSIONS } from './versions.ts';

const SCRIPTS = ['node-image.ts', 'component-images.ts', 'image-archive.ts'];
const CONTENT = 'tablefull.content';
const CONTAINERD = 'etc/containerd/config.toml';
const ENTRYPOINT = ['/usr/local/bin/entrypoint', '/sbin/init'];
const CNI = ['ptp', 'loopback', 'host-local', 'portmap'];

const CONTAINER = 'tablefull-node-image';
/** Seconds after which a forgotten container ends by itself. */
const CONTAINER_LIVES = 1200;
const CONTAINERD_STARTS_MS = 30_000;

/** Only what is needed, because the log's end must explain a later failure. */
const FORMAT = '{"id":{{json .Id}},"size":{{json .Size}},"labels":{{json .Config.Labels}}}';
const INSPECTED = z.object({
  id: z.string(),
  size: z.number(),
  labels: z.record(z.string(), z.string()).nullable(),
});

/**
 * kind's containerd settings, with two changes.
 *
 * @param pause the name of the image that kubeadm asks for, so that one image is enough
 */
export function containerdConfig(text: string, pause: string): string {
  return (
    text
      .replace(/^(\s*sandbox_image = ).*$/m, `$1${JSON.stringify(pause)}`)
      // Without CAP_SYS_RESOURCE no process can lower oom_score_adj, and a pod that asks for it would not
      // start.
      .replace(/^(\s*restrict_oom_score_adj = ).*$/m, '$1true')
  );
}

/** The key of the whole image: its parts and the scripts that combine them. */
const NODE_KEY = contentKey(
  [BASE_KEY, OWN_KEY, BUILD_NAMES.map((name) => BUILD_KEYS[name])],
  sources(import.meta.dirname, ...SCRIPTS),
);

/** Labels for a person and the harness. */
function labels(): Readonly<Record<string, string>> {
  return {
    [CONTENT]: NODE_KEY,
    // Nothing in the image sets up pod networks; the cluster's creator does.
    'tablefull.pod-network': 'static',
    'tablefull.kubernetes': VERSIONS.kubernetes,
    'tablefull.coredns': VERSIONS.coredns,
    'tablefull.etcd': VERSIONS.etcd,
    'tablefull.cni-plugins': VERSIONS.cni,
    'tablefull.kind': VERSIONS.kind,
  };
}

/** The image that Docker holds under our name: its id, bytes, and whether it has this very content. */
export async function findNodeImage(sh: Shell) {
  const { exitCode, stdout } = await sh({
    nothrow: true,
  })`docker image inspect --format ${FORMAT} ${NODE_IMAGE}`;
  if (exitCode !== 0) return undefined;
  const { id, size, labels } = INSPECTED.parse(JSON.parse(stdout));
  return { id, size, current: labels?.[CONTENT] === NODE_KEY };
}

/** Puts Kubernetes' files where kind looks for them on a node. */
async function layOut(sh: Shell, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  installPrograms(programs('kubernetes'), ['kubeadm', 'kubelet', 'kubectl'], join(folder, 'usr/bin'));
  installPrograms(programs('cni'), CNI, join(folder, 'opt/cni/bin'));
  mkdirSync(join(folder, 'kind'));
  writeFileSync(join(folder, 'kind/version'), `v${VERSIONS.kubernetes}`);
  const config = readFileSync(join(await kindFiles(sh), CONTAINERD), 'utf8');
  mkdirSync(dirname(join(folder, CONTAINERD)), { recursive: true });
  writeFileSync(join(folder, CONTAINERD), containerdConfig(config, (await wantedNames(sh)).pause));
}

/**
 * Imports the component images with the container's containerd, which stores them where a node finds them.
 */
async function importImages(sh: Shell, archive: string): Promise<void> {
  const quick = sh({ timeout: '5s', nothrow: true });
  await sh`docker exec --detach ${CONTAINER} containerd`;
  const end = performance.now() + CONTAINERD_STARTS_MS;
  while ((await quick`docker exec ${CONTAINER} ctr version`).exitCode !== 0) {
    if (performance.now() > end)
      throw new Error(`containerd did not start within ${CONTAINERD_STARTS_MS / 1000} s`);
    await sleep(200);
  }
  const ctr = ['ctr', '--namespace=k8s.io', 'images'];
  const importing = ['import', '--all-platforms', '--no-unpack', '-'];
  await sh`tar -C ${archive} -c . | docker exec --interactive ${CONTAINER} ${ctr} ${importing}`;
  const held = (await sh`docker exec ${CONTAINER} ${ctr} list --quiet`).stdout.split('\n');
  const missing = Object.values(await wantedNames(sh)).filter((name) => !held.includes(name));
  if (missing.length > 0) throw new Error(`not imported: ${missing.join(', ')}`);
  // containerd writes its database as it ends.
  await sh`docker exec ${CONTAINER} sh -c ${'kill $(pidof containerd); while pidof containerd; do sleep 0.1; done'}`;
}

/** Builds the image in a container, and commits that. */
export async function makeNodeImage(sh: Shell): Promise<void> {
  const [work, archive] = [join(ROOT, 'node'), join(ROOT, 'images')];
  const before = await findNodeImage(sh);
  // Without the signal, so that the container is also removed after an interruption.
  const alone = $({ nothrow: true, quiet: true, timeout: '60s' });
  const remove = () => alone`docker rm --force --volumes ${CONTAINER}`;
  await remove();
  const options = [
    `--name=${CONTAINER}`,
    '--detach',
    '--privileged',
    '--network=none',
    '--tmpfs=/tmp',
    '--tmpfs=/run',
  ];
  const node = ['--stop-signal=SIGRTMIN+3', '--entrypoint=sleep', BASE, String(CONTAINER_LIVES)];
  try {
    await sh`docker run ${options} ${node}`;
    await layOut(sh, work);
    await sh`tar -C ${work} --mode=u+rwX,go+rX,go-w --owner=0 --group=0 --numeric-owner -c . | docker cp - ${CONTAINER}:/`;
    await componentImages(sh, archive, NETWORK_PROGRAMS);
    await importImages(sh, archive);
    const changes = [
      `ENTRYPOINT ${JSON.stringify(ENTRYPOINT)}`,
      ...Object.entries(labels()).map(([name, value]) => `LABEL ${name}=${JSON.stringify(value)}`),
    ].flatMap((change) => ['--change', change]);
    await sh`docker commit ${changes} ${CONTAINER} ${NODE_IMAGE}`;
  } finally {
    await remove();
    for (const folder of [work, archive]) rmSync(folder, { recursive: true, force: true });
  }
  if (before !== undefined) await sh({ nothrow: true })`docker image rm ${before.id}`;
}
