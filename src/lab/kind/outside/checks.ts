import { statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { execa, ExecaError } from 'execa';
import { z } from 'zod';
import { mayChangeLimit } from '../../../guard/sysctls.ts';
import { readSysctl } from '../../../kernel/sysctl.ts';
import { sayCheck, type Check } from '../../entry.ts';
import { lookAtStrain, strainCheck } from '../../strain.ts';
import { hasDeadRun, isOrphan, type ClusterStore } from './cluster/cluster-store.ts';
import { docker } from './docker.ts';
import { findKind, nodeImage, OWN_IMAGE } from './cluster/node-image.ts';
import { messageOf } from '../../../util/error-text.ts';

const GIB = 2 ** 30;
/** Memory of four nodes, bytes: half a GiB for the control plane, 0.2 per worker, little for pods. */
const MEMORY = 3 * GIB;
/** Disk of four nodes, bytes: images and what they write. */
const DISK = 8 * GIB;

/** A user's inotify instances that a cluster of four nodes takes, measured. */
const INSTANCES = 60;
const INOTIFY = 'fs.inotify.max_user_instances';

/** Minor version of the first kind with every mode of kube-proxy: 0.23. */
const KIND_MINOR = 23;

const infoSchema = z.object({ ServerVersion: z.string(), MemTotal: z.number(), DockerRootDir: z.string() });

/** Everything a cluster needs on this machine, with a fix for what is missing. */
export async function checks(
  store: ClusterStore,
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<readonly Check[]> {
  const strain = strainCheck(await lookAtStrain());
  const daemon = await dockerCheck();
  const answers = 'info' in daemon ? [await spaceCheck(daemon.info), await imageCheck()] : [];
  return [
    daemon.check,
    strain,
    ...answers.flat(),
    await kindCheck(env),
    limitCheck(),
    inotifyCheck(store.all().length),
    ...leftCheck(store),
  ];
}

type Info = z.infer<typeof infoSchema>;

/** Checks that a daemon answers. @throws Error in one line with the fix */
export async function dockerAnswers(): Promise<void> {
  const { check } = await dockerCheck();
  if (check.status !== 'ok') throw new Error(sayCheck(check));
}

async function dockerCheck(): Promise<{ check: Check; info: Info } | { check: Check }> {
  const name = 'docker';
  try {
    const info = infoSchema.parse(JSON.parse(await docker(['info', '--format', '{{json .}}'])));
    return { check: { name, status: 'ok', found: info.ServerVersion }, info };
  } catch (error) {
    const found =
      error instanceof z.ZodError
        ? `\`docker info\` lacks ${error.issues.map(({ path }) => path.join('.')).join(', ')}`
        : messageOf(error);
    const fix = /permission denied/i.test(found)
      ? 'use sudo, or join the group docker and log in again'
      : error instanceof Error && error.cause instanceof ExecaError && error.cause.code === 'ENOENT'
        ? 'install Docker, or run `make kind-image`, which does'
        : 'start it: `sudo systemctl start docker`, or `npm run docker-daemon -- up` where nothing starts services';
    return { check: { name, status: 'missing', found, fix } };
  }
}

async function spaceCheck({ MemTotal, DockerRootDir }: Info): Promise<readonly Check[]> {
  const inGib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
  // A daemon in its own virtual machine has less memory than this machine.
  const available = Math.min(freemem(), MemTotal);
  const memory: Check = {
    name: 'memory',
    status: 'ok',
    found: `${inGib(available)} available of ${inGib(MemTotal)}`,
  };
  const { bavail, bsize } = await statfs(DockerRootDir).catch(() => ({ bavail: Infinity, bsize: 1 }));
  const free = bavail * bsize;
  const disk: Check = { name: 'disk', status: 'ok', found: `${inGib(free)} free below ${DockerRootDir}` };
  return [
    available >= MEMORY
      ? memory
      : { ...memory, status: 'limited', fix: `a cluster of four nodes needs ${inGib(MEMORY)}` },
    free >= DISK
      ? disk
      : {
          ...disk,
          status: 'missing',
          fix: `make room: ${inGib(DISK)}; \`docker system df\` shows what takes it`,
        },
  ];
}

async function imageCheck(): Promise<readonly Check[]> {
  const { bare } = await nodeImage(undefined, new AbortController().signal);
  const name = 'node-image';
  return bare
    ? [{ name, status: 'ok', found: OWN_IMAGE }]
    : [
        {
          name,
          status: 'limited',
          found: 'kind’s own, which is pulled',
          fix: 'without a registry: `make kind-image`',
        },
      ];
}

async function kindCheck(env: Readonly<NodeJS.ProcessEnv>): Promise<Check> {
  const name = 'kind';
  try {
    const program = findKind(env);
    const { stdout } = await execa(program, ['version']);
    return kindVersionCheck(program, stdout);
  } catch (error) {
    return {
      name,
      status: 'missing',
      found: messageOf(error),
      fix: 'install kind, or `make kind-image`',
    };
  }
}

/** @param printed by `kind version`: `kind v0.33.0 go1.26.8 linux/amd64` */
export function kindVersionCheck(program: string, printed: string): Check {
  const [, version = 'of unknown version', major, minor] = /\bv((\d+)\.(\d+)\.\S+)/.exec(printed) ?? [];
  const found = `${version} at ${program}`;
  const isOld = major === '0' && Number(minor) < KIND_MINOR;
  return isOld || major === undefined
    ? {
        name: 'kind',
        status: 'limited',
        found,
        fix: `take 0.${String(KIND_MINOR)} or later: older versions lack kube-proxy’s nftables mode and can’t run current node images`,
      }
    : { name: 'kind', status: 'ok', found };
}

function limitCheck(): Check {
  const name = 'limit';
  return mayChangeLimit()
    ? { name, status: 'ok', found: 'may be changed' }
    : {
        name,
        status: 'limited',
        found: 'can’t be changed: no --squeeze sysctl',
        fix: 'run with sudo, or use --squeeze ballast',
      };
}

/** Without free instances kube-proxy exits with `too many open files`, and a node never gets ready. */
function inotifyCheck(clusters: number): Check {
  const name = 'inotify';
  const instances = Number(readSysctl(INOTIFY));
  const wanted = INSTANCES * (clusters + 1);
  const found = `${String(instances)} instances`;
  return instances >= wanted
    ? { name, status: 'ok', found }
    : {
        name,
        status: 'limited',
        found: `${found}, and one more cluster needs ${String(wanted)}`,
        fix: `\`sysctl -w ${INOTIFY}=${String(2 * wanted)}\`, or \`lab down\` for an unused cluster`,
      };
}

function leftCheck(store: ClusterStore): readonly Check[] {
  const left = store.all().filter((record) => isOrphan(record) || hasDeadRun(record));
  return left.map(({ name }) => ({
    name: 'cluster',
    status: 'limited',
    found: `${name} has something left of a run that is over`,
    fix: '`tablefull restore`',
  }));
}
