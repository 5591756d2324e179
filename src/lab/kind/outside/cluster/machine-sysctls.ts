import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { bootId } from '../../../../guard/owner.ts';
import { restoreReport, type RestoreReport } from '../../../../guard/restore.ts';
import { pathOf, readSysctl, writeSysctl } from '../../../../kernel/sysctl.ts';
import { messageOf } from '../../../../util/error-text.ts';
import { jsonIfThere } from '../../../../util/read-if-there.ts';
import { replaceFile } from '../../../../util/replace-file.ts';

/**
 * Sysctls that a node's kubelet sets (pkg/kubelet/cm/container_manager_linux.go: setupKernelTunables). The
 * node is a container, so they are the whole machine's.
 */
const NAMES = [
  'vm.overcommit_memory',
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.keys.root_maxkeys',
  'kernel.keys.root_maxbytes',
] as const;

const entrySchema = z.strictObject({
  name: z.enum(NAMES),
  /** The value before the first cluster. */
  found: z.string(),
  /** The value once the newest cluster was ready. Null until then. */
  set: z.string().nullable(),
});
type Entry = z.infer<typeof entrySchema>;

const recordSchema = z.strictObject({
  schema: z.literal('tablefull/kubelet-sysctls/v1'),
  boot: z.string().min(1),
  entries: z.array(entrySchema).readonly(),
});

interface Outcome {
  readonly outcome: 'as-before' | 'restored' | 'changed-since' | 'failed';
  readonly line: string;
}
const AS_BEFORE: Outcome = { outcome: 'as-before', line: '' };

function fixOf(name: string, found: string): string {
  return `\`sysctl -w ${name}=${found}\` restores it`;
}

/** Writes a sysctl of the machine from a node of a cluster. @throws Error in one line */
type WriteInNode = (name: string, value: string) => Promise<void>;

/** Reads and writes the machine's sysctls. */
export interface Sysctls {
  readonly has: (name: string) => boolean;
  readonly read: (name: string) => string;
  /** @throws Error in one line, without root */
  readonly write: (name: string, value: string) => void;
}

const kernel: Sysctls = {
  has: (name) => existsSync(pathOf(name)),
  read: readSysctl,
  write: writeSysctl,
};

/**
 * What clusters' kubelets change of the machine, and its values from before. The record outlives the clusters
 * until every value is restored.
 */
export class MachineSysctls {
  readonly #path: string;
  readonly #sysctls: Sysctls;
  readonly #boot: () => string;

  constructor(path: string, sysctls: Sysctls = kernel, boot = bootId) {
    this.#path = path;
    this.#sysctls = sysctls;
    this.#boot = boot;
  }

  /** Whether there are values to restore once the last cluster is gone. */
  get isRecorded(): boolean {
    return existsSync(this.#path);
  }

  /** Records the values before a cluster is created. */
  async record(): Promise<void> {
    const { has, read } = this.#sysctls;
    const { boot, entries: known } = this.#read();
    const now = NAMES.filter(has).map((name): Entry => {
      const current = read(name);
      const entry = known.find((each) => each.name === name);
      // With another cluster of ours it has changed already. What somebody has set since is theirs.
      const isOurs = entry?.set === null || entry?.set === current;
      return boot === this.#boot() && isOurs ? entry : { name, found: current, set: null };
    });
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    await this.#write(now);
  }

  /** Records the values once the cluster's kubelets have set them. */
  async settle(): Promise<void> {
    const { entries } = this.#read();
    await this.#write(entries.map((entry) => ({ ...entry, set: this.#sysctls.read(entry.name) })));
  }

  /**
   * Compare-and-set: restores what is still as the kubelets set it. What somebody has changed since is named and left
   * alone; what failed stays recorded for the next command.
   *
   * @param inNode for a user who may not write them: a node is a privileged container
   */
  async restore(inNode?: WriteInNode): Promise<RestoreReport> {
    const { boot, entries } = this.#read();
    const results: Outcome[] = [];
    for (const entry of entries)
      results.push(boot === this.#boot() ? await this.#putBack(entry, inNode) : this.#ofEarlierBoot(entry));
    const failed = entries.filter((_, i) => results[i]?.outcome === 'failed');
    if (failed.length > 0) await this.#write(failed);
    else rmSync(this.#path, { force: true });
    const lines = (wanted: readonly Outcome['outcome'][]): string[] =>
      results.flatMap(({ outcome, line }) => (wanted.includes(outcome) ? [line] : []));
    return restoreReport(lines(['restored']), lines(['changed-since', 'failed']));
  }

  async #putBack({ name, found, set }: Entry, inNode: WriteInNode | undefined): Promise<Outcome> {
    const { read, write } = this.#sysctls;
    const fix = fixOf(name, found);
    try {
      const current = read(name);
      if (current === found) return AS_BEFORE;
      if (set !== null && current !== set) {
        const line = `${name} is ${current}: it was ${found}, the cluster’s kubelets set ${set}, and somebody has changed it since, so it is left alone; ${fix}`;
        return { outcome: 'changed-since', line };
      }
      try {
        write(name, found);
      } catch (error) {
        if (inNode === undefined) throw error;
        await inNode(name, found).catch(() => {
          throw error;
        });
      }
      const now = read(name);
      if (now !== found) throw new Error(`was ${found}, now ${now}`);
      return { outcome: 'restored', line: `${name} = ${found} (was ${current})` };
    } catch (error) {
      const line = `${name}, which the cluster’s kubelets have set, could not be restored (${messageOf(error)}); as root, ${fix}`;
      return { outcome: 'failed', line };
    }
  }

  /** A boot ends what kubelets have set. Where the value is theirs again, a cluster may have started with Docker. */
  #ofEarlierBoot({ name, found, set }: Entry): Outcome {
    const { has, read } = this.#sysctls;
    if (set === found || !has(name) || read(name) !== set) return AS_BEFORE;
    const line = `${name} is ${set}, as the cluster’s kubelets set it before the last boot; it was ${found}: ${fixOf(name, found)}`;
    return { outcome: 'changed-since', line };
  }

  #read(): { readonly boot: string; readonly entries: readonly Entry[] } {
    return jsonIfThere(this.#path, recordSchema) ?? { boot: this.#boot(), entries: [] };
  }

  async #write(entries: readonly Entry[]): Promise<void> {
    const record = { schema: 'tablefull/kubelet-sysctls/v1', boot: this.#boot(), entries };
    await replaceFile(this.#path, `${JSON.stringify(record, null, 2)}\n`);
  }
}
