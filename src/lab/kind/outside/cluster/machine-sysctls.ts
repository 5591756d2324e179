import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { restoreReport, type RestoreReport } from '../../../../guard/restore.ts';
import { pathOf, readSysctl, writeSysctl } from '../../../../kernel/sysctl.ts';
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
});
type Entry = z.infer<typeof entrySchema>;

const recordSchema = z.strictObject({
  schema: z.literal('tablefull/kubelet-sysctls/v1'),
  entries: z.array(entrySchema).readonly(),
});

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

  constructor(path: string, sysctls: Sysctls = kernel) {
    this.#path = path;
    this.#sysctls = sysctls;
  }

  /** Whether there are values to restore once the last cluster is gone. */
  get isRecorded(): boolean {
    return existsSync(this.#path);
  }

  /** Records the values before a cluster is created. With another cluster of ours they have changed already. */
  async record(): Promise<void> {
    const { has, read } = this.#sysctls;
    if (this.#entries().length > 0) return;
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    await this.#write(NAMES.filter(has).map((name) => ({ name, found: read(name) })));
  }

  /** Restores the values; those that failed stay recorded for the next command. */
  async restore(): Promise<RestoreReport> {
    const results = this.#entries().map((entry) => ({ entry, ...this.#putBack(entry) }));
    const failed = results.filter(({ left }) => left !== undefined).map(({ entry }) => entry);
    if (failed.length > 0) await this.#write(failed);
    else rmSync(this.#path, { force: true });
    return restoreReport(
      results.flatMap(({ restored }) => restored ?? []),
      results.flatMap(({ left }) => left ?? []),
    );
  }

  #putBack({ name, found }: Entry): { readonly restored?: string; readonly left?: string } {
    const { read, write } = this.#sysctls;
    try {
      const current = read(name);
      if (current === found) return {};
      write(name, found);
      return { restored: `${name} = ${found} (was ${current})` };
    } catch {
      return {
        left: `the cluster’s kubelets have set ${name}; as root, \`sysctl -w ${name}=${found}\` restores it`,
      };
    }
  }

  #entries(): readonly Entry[] {
    return jsonIfThere(this.#path, recordSchema)?.entries ?? [];
  }

  async #write(entries: readonly Entry[]): Promise<void> {
    const record = { schema: 'tablefull/kubelet-sysctls/v1', entries };
    await replaceFile(this.#path, `${JSON.stringify(record, null, 2)}\n`);
  }
}
