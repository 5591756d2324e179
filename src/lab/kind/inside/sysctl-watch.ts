import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { putBack } from '../../../host/put-back.ts';
import { isNodeSetting } from '../node-sysctls.ts';
import type { NodeHost } from './node-host.ts';
import type { NodeJournal } from './node-journal.ts';

const ROOT = '/proc/sys/';
const OWNER_WRITES = 0o200;

/** Sysctls by name, before and after. */
export interface ChangedSysctls {
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

/** What another program does to a node's sysctls: noted before, compared after, restored. */
export class SysctlWatch {
  readonly #host: Pick<NodeHost, 'readSysctl' | 'writeSysctl'>;
  readonly #journal: Pick<NodeJournal, 'note' | 'settle'>;
  readonly #names: () => readonly string[];
  #before: ReadonlyMap<string, string> = new Map();
  #changed: ChangedSysctls = { before: {}, after: {} };

  constructor(
    host: Pick<NodeHost, 'readSysctl' | 'writeSysctl'>,
    journal: Pick<NodeJournal, 'note' | 'settle'>,
    names = ownSysctls,
  ) {
    this.#host = host;
    this.#journal = journal;
    this.#names = names;
  }

  begin(): void {
    this.#before = this.#read();
  }

  /** What has changed since `begin`; from now on in the journal, should this process die. */
  changed(): ChangedSysctls {
    const now = this.#read();
    const names = [...this.#before.keys()].filter((name) => this.#before.get(name) !== now.get(name));
    const at = (values: ReadonlyMap<string, string>) =>
      Object.fromEntries(names.map((name) => [name, values.get(name) ?? '']));
    this.#changed = { before: at(this.#before), after: at(now) };
    for (const [name, before] of Object.entries(this.#changed.before))
      this.#journal.note(name, now.get(name) ?? '', () => before);
    return this.#changed;
  }

  /**
   * Writes the values from before, also of what has changed since `changed`.
   *
   * @returns what `changed` said, the other way round. @throws Error naming what did not come back
   */
  restore(): ChangedSysctls {
    const known = this.#changed;
    for (const [name, value] of Object.entries({ ...known.before, ...this.changed().before })) {
      putBack(this.#host, name, value);
      this.#journal.settle(name, value);
    }
    this.#changed = { before: {}, after: {} };
    this.#before = new Map();
    return { before: known.after, after: known.before };
  }

  #read(): ReadonlyMap<string, string> {
    return new Map(
      this.#names().flatMap((name) => {
        try {
          return [[name, this.#host.readSysctl(name)] as const];
        } catch {
          // Some can only be written; others went with their interface.
          return [];
        }
      }),
    );
  }
}

/** The names that a node may write in its own network. */
function ownSysctls(): readonly string[] {
  return readdirSync(join(ROOT, 'net'), { recursive: true, encoding: 'utf8' }).flatMap((path) => {
    const name = `net.${path.replaceAll('/', '.')}`;
    if (!isNodeSetting(name)) return [];
    const at = statSync(join(ROOT, 'net', path));
    return at.isFile() && (at.mode & OWNER_WRITES) !== 0 ? [name] : [];
  });
}
