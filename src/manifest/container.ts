import type { Effect, Kernel } from './effect.ts';
import { nft } from './effects/nft.ts';
import { sysctl } from './effects/sysctl.ts';
import { readNft } from './nft-text.ts';
import type { Container, PodSpec } from './pod.ts';
import {
  FAILED,
  OK,
  UNKNOWN,
  type Place,
  type Ran,
  type Surroundings,
  type System,
  type Text,
} from './script/program.ts';
import { Shell } from './script/shell.ts';
import type { Part, Understanding } from './understanding.ts';
import { BUCKETS, HASHSIZE, MAX } from '../kernel/table-names.ts';

/** Other names of the same setting. */
const ALIASES: Readonly<Record<string, string>> = { 'net.nf_conntrack_max': MAX };

/** A container of a manifest with the objects around it. */
interface Contained {
  /** `DaemonSet kube-system/tune, init container set`. */
  readonly where: string;
  readonly container: Container;
  readonly pod: PodSpec;
  /** Files of ConfigMaps in the same manifest, by ConfigMap and key. */
  readonly configMaps: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly kernel: Kernel;
}

/** How a container ends: an init container that fails keeps the others from starting. */
export type Ending = 'ok' | 'failed' | 'runs';

/** Reads what a container's program does to its node. The program does not run. */
export function readContainer(contained: Contained): Understanding & { readonly ending: Ending } {
  const { container, where } = contained;
  const { command, args, image } = container;
  const system = new ContainerSystem(contained);
  const words = [...(command ?? []), ...(args ?? [])].map((word) => substituted(word, system.variables));
  if (command === null || command === undefined || command.length === 0) {
    // Pause images do nothing. Of others nobody can tell.
    if (!/\bpause\b/.test(image))
      system.gap(
        words.length === 0 ? `image ${image}` : `image ${image}, args ${sayWords(words)}`,
        'what its image runs is not known',
      );
    return { ...system.understood(), ending: 'runs' };
  }
  const place: Place = {
    network: contained.pod.hostNetwork === true ? 'node' : 'pod',
    mayWrite: container.securityContext?.privileged === true,
    seesNode: contained.pod.hostPID === true && container.securityContext?.privileged === true,
  };
  const shell = new Shell('', { system, place, variables: system.variables });
  const ran = shell.words(words, sayWords(words), '');
  const ending: Ending = ran.ends === 'never' ? 'runs' : ran.status === 'failed' ? 'failed' : 'ok';
  if (ending === 'failed')
    system.find(
      `${where}: it ends with an error, so the pod crash-loops, and what comes after it never starts`,
    );
  return { ...system.understood(), ending };
}

function sayWords(words: readonly string[]): string {
  const said = words.join(' ').trim();
  const [first = ''] = said.split('\n');
  return first === said && said.length <= 120 ? said : `${first.slice(0, 110)} …`;
}

/** Kubernetes' own `$(NAME)` in commands and arguments. */
function substituted(word: string, variables: ReadonlyMap<string, Text>): string {
  return word.replaceAll(
    /(?<!\$)\$\(([A-Za-z_]\w*)\)/g,
    (whole, name: string) => variables.get(name) ?? whole,
  );
}

/** Collects what a container's script would do. */
class ContainerSystem implements System {
  readonly #contained: Contained;
  readonly #parts: Part[] = [];
  readonly #gaps: string[] = [];
  readonly #findings: string[] = [];
  readonly #files: Map<string, Text>;
  readonly variables: ReadonlyMap<string, Text>;

  constructor(contained: Contained) {
    this.#contained = contained;
    this.#files = filesOf(contained);
    this.variables = new Map((contained.container.env ?? []).map(({ name, value }) => [name, value]));
  }

  understood(): Understanding {
    return { parts: this.#parts, gaps: this.#gaps, findings: this.#findings, asItIs: true };
  }

  gap(what: string, why: string): void {
    const { where } = this.#contained;
    this.#gaps.push(`${where}: ${what}: ${why}`);
  }

  find(line: string): void {
    this.#findings.push(line);
  }

  #fails(what: string, why: string): Ran {
    const { where } = this.#contained;
    this.#findings.push(`${where}: ${what} fails: ${why}`);
    return FAILED;
  }

  #understand(what: string, effect: Effect): Ran {
    const { where } = this.#contained;
    this.#parts.push({ where, what, effect });
    return OK;
  }

  hasSysctl(name: string): boolean {
    return this.#contained.kernel.hasSysctl(name);
  }

  readSysctl(name: string): Text {
    const { kernel } = this.#contained;
    return kernel.hasSysctl(name) ? `${kernel.readSysctl(name)}\n` : undefined;
  }

  setSysctl(name: string, value: Text, { source, place }: Surroundings): Ran {
    const what = source;
    if (!/^[a-z0-9_.-]+$/i.test(name)) {
      this.gap(what, 'this is not the name of a sysctl');
      return UNKNOWN;
    }
    if (!name.startsWith('net.')) {
      this.gap(what, 'it is a setting of the whole machine, outside networking');
      return OK;
    }
    if (!place.mayWrite)
      return this.#fails(what, 'the container is not privileged, and /proc/sys is read-only');
    if (!this.hasSysctl(name))
      return this.#fails(what, `it sets a name that this kernel does not have: ${name}`);
    if (place.network === 'pod') {
      const own = ALIASES[name] ?? name;
      if (own === MAX || own === BUCKETS) return this.#fails(what, 'a pod’s own network can’t change it');
      this.gap(
        what,
        'without hostNetwork it changes the network of its own pod only, which no scenario uses',
      );
      return OK;
    }
    if (value === undefined || !/^-?\d+$/.test(value.trim())) {
      this.gap(
        what,
        value === undefined ? 'the value is known only when it runs' : 'its value is not a whole number',
      );
      return UNKNOWN;
    }
    return this.#understand(what, sysctl({ name: ALIASES[name] ?? name, value: Number(value) }));
  }

  writeFile(path: string, content: Text, around: Surroundings, append: boolean): Ran {
    const at = this.#onNode(path);
    if (at === '/dev/null' || at === '/dev/stdout' || at === '/dev/stderr') return OK;
    if (at === HASHSIZE) return this.setSysctl(BUCKETS, content?.trim(), around);
    const name = sysctlAt(at);
    if (name !== undefined) return this.setSysctl(name, content?.trim(), around);
    const before = append ? (this.#files.get(path) ?? '') : '';
    this.#files.set(path, content === undefined ? undefined : `${before}${content}`);
    return OK;
  }

  readFile(path: string): Text {
    const at = this.#onNode(path);
    if (at === HASHSIZE) return this.readSysctl(BUCKETS);
    const name = sysctlAt(at);
    if (name !== undefined) return this.readSysctl(name);
    return this.#files.get(path);
  }

  readFiles(paths: RegExp): Text {
    const all = [...this.#files].filter(([name]) => paths.test(name));
    return all.length === 0 || all.some(([, text]) => text === undefined)
      ? undefined
      : all.map(([, text]) => text).join('\n');
  }

  loadNft(text: Text, { source, place }: Surroundings): Ran {
    if (place.network === 'pod') {
      this.gap(source, 'without hostNetwork it changes the network of its own pod only');
      return OK;
    }
    const { privileged, capabilities } = this.#contained.container.securityContext ?? {};
    const has = capabilities?.add?.some((name) => /^(CAP_)?NET_ADMIN$|^ALL$/.test(name)) === true;
    if (privileged !== true && !has) return this.#fails(source, 'the container lacks NET_ADMIN');
    if (text === undefined) {
      this.gap(source, 'the rules are known only when it runs');
      return UNKNOWN;
    }
    const { chains, gaps } = readNft(text);
    for (const { what, why } of gaps) this.gap(`${source}: ${what}`, why);
    for (const chain of chains) this.#understand(`${source}: ${chain.rules.join('; ')}`, nft(chain));
    return OK;
  }

  /** The node's path of a path in the container: `/host/proc/sys/…` where /proc is mounted at /host/proc. */
  #onNode(path: string): string {
    const { container, pod } = this.#contained;
    for (const { name, mountPath } of container.volumeMounts ?? []) {
      const host = pod.volumes?.find((volume) => volume.name === name)?.hostPath?.path;
      if (host !== undefined && (path === mountPath || path.startsWith(`${mountPath.replace(/\/$/, '')}/`)))
        return `${host.replace(/\/$/, '')}${path.slice(mountPath.replace(/\/$/, '').length)}`;
    }
    return path;
  }
}

/** The sysctl that a file is; undefined for other files. */
function sysctlAt(path: string): string | undefined {
  return /^\/proc\/sys\/(.+)$/.exec(path)?.[1]?.replaceAll('/', '.');
}

/** The files of ConfigMaps at the container's mount points. */
function filesOf({ container, pod, configMaps }: Contained): Map<string, Text> {
  const files = new Map<string, Text>();
  for (const { name, mountPath, subPath } of container.volumeMounts ?? []) {
    const source = pod.volumes?.find((volume) => volume.name === name)?.configMap;
    const data = configMaps.get(source?.name ?? '');
    if (source === undefined || source === null || data === undefined) continue;
    const items = source.items ?? Object.keys(data).map((key) => ({ key, path: key }));
    for (const { key, path } of items)
      if (subPath === undefined) files.set(`${mountPath.replace(/\/$/, '')}/${path}`, data[key]);
      else if (subPath === path) files.set(mountPath, data[key]);
  }
  return files;
}
