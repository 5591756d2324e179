/** What was there and what the kernel, or the lab, says is there now. */
export interface Reading {
  readonly found: string;
  readonly readBack: string;
}

/** A change that was made. Undoing reads back, and throws where what was found did not come back. */
export interface Done extends Reading {
  readonly emulated: boolean;
  readonly undo: () => Promise<Reading>;
}

/** Puts back what was found. @throws Error where something else is there then */
export async function undone(found: string, restore: () => string | Promise<string>): Promise<Reading> {
  const readBack = await restore();
  if (readBack !== found) throw new Error(`found ${JSON.stringify(found)}, now ${JSON.stringify(readBack)}`);
  return { found, readBack };
}
