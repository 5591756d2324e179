import type { Host } from '../host/host.ts';
import { sayValue, type Value } from './done.ts';
import type { Site } from './restorable.ts';

/** A sysctl of one host, set and restored. */
export function sysctlSite(host: Host, name: string, value: string): Site {
  return {
    name: host.name,
    read: () => valueOf(host.readSysctl(name)),
    make: () => host.writeSysctl(name, value),
    restore: (before) => host.writeSysctl(name, sayValue(before)),
  };
}

/** A number where possible; `32768 60999` stays text. */
function valueOf(text: string): Value {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}
