import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** This package's own version. */
export function ownVersion(): string {
  const path = findPackageJSON('..', import.meta.url);
  const read: unknown = path === undefined ? undefined : JSON.parse(readFileSync(path, 'utf8'));
  if (typeof read === 'object' && read !== null && 'version' in read && typeof read.version === 'string')
    return read.version;
  throw new Error('package.json is missing: install tablefull again');
}
