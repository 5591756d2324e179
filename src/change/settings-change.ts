import type { Done } from './done.ts';
import { restorable } from './restorable.ts';
import { settingsRead, type Settings } from './target.ts';

/** Replaces settings of the lab, with undo. */
export function settingsChange(
  settings: Settings,
  name: string,
  set: Readonly<Record<string, unknown>>,
): Promise<Done> {
  const before = settings.get(name);
  return restorable([
    {
      name,
      read: () => settingsRead(settings, name, Object.keys(set)),
      make: () => {
        settings.set(name, { ...before, ...set });
      },
      restore: () => {
        settings.set(name, before);
      },
    },
  ]);
}
