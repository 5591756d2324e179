import { OK, type Program } from '../program.ts';

/** nft(8): `nft -f FILE`. Single commands are not followed: the kind of change is a chain. */
export const nft: Program = (args, around) => {
  const { system, source, stdin } = around;
  const at = args.findIndex((arg) => arg === '-f' || arg === '--file');
  if (at < 0) {
    // What a pod does when it ends undoes the rest.
    if (args[0] !== 'delete' && args[0] !== 'flush' && args[0] !== 'list')
      system.gap(source, 'only nft -f is followed');
    return OK;
  }
  const file = args[at + 1];
  const text =
    file === '-' || file === '/dev/stdin' ? stdin : file === undefined ? undefined : system.readFile(file);
  return system.loadNft(text, around);
};
