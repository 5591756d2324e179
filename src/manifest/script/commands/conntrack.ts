import { OK, type Program } from '../program.ts';

/** conntrack(8). Deleting is a moment's work, of which no scenario knows when. */
export const conntrack: Program = (args, { system, source }) => {
  if (args.includes('-D') || args.includes('-F'))
    system.gap(
      source,
      'it deletes the entries of that moment; the remedy conntrack-delete does so after each change',
    );
  return OK;
};
