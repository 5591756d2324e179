import { NotRestored } from './not-restored.ts';

/** What was there and what the kernel, or the lab, says is there now. */
export interface Reading {
  readonly found: string;
  readonly readBack: string;
}

/** A change made, with its undo; undoing reads back, and throws where what was found did not come back. */
export interface Done extends Reading {
  readonly emulated: boolean;
  readonly undo: () => Promise<Reading>;
}

/** Puts back what was found, and holds the kernel to it. */
export async function undone(found: string, restore: () => string | Promise<string>): Promise<Reading> {
  const readBack = await restore();
  if (readBack !== found) throw new NotRestored(`not restored: found ${found}, now ${readBack}`);
  return { found, readBack };
}
