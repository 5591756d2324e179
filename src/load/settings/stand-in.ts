import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathOf } from '../../kernel/sysctl.ts';
import type { Settings } from './schema.ts';
import { HASHSIZE, MAX } from '../../kernel/table-names.ts';

const FOLDER = '/run/stand-in';
/** Above a quarter of any maximum, so that kube-proxy does not try to resize the machine's hash. */
const ENOUGH_BUCKETS = 2 ** 30;

/** Where a setting is written and read. */
export interface Place {
  readonly read: () => string;
  readonly write: (value: string) => string;
}

/** Files for kube-proxy in place of what is the machine's, by path; none where the load uses the machine's. */
export function standInsOf({ maximum }: Settings): Readonly<Record<string, string>> {
  if (maximum === 'machine') return {};
  mkdirSync(FOLDER, { recursive: true });
  const buckets = `${FOLDER}/hashsize`;
  writeFileSync(buckets, String(ENOUGH_BUCKETS));
  const file = `${FOLDER}/${MAX}`;
  writeFileSync(file, readFileSync(pathOf(MAX)));
  return { [pathOf(MAX)]: file, [HASHSIZE]: buckets };
}

/** A file as the place of a setting. */
export function inFile(path: string): Place {
  const read = (): string => readFileSync(path, 'latin1').trim();
  return {
    read,
    write: (value) => {
      writeFileSync(path, value);
      return read();
    },
  };
}
