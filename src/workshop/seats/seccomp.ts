import { bpfProgram } from '../../kernel/bpf.ts';

/**
 * A filter of system calls that keeps the kernel’s keys from a learner. Keys ask for the machine’s user, not for
 * namespaces: whoever has this user’s number can link the user’s keyring to an own one, and read what is in it.
 */

interface Calls {
  /** AUDIT_ARCH_… of include/uapi/linux/audit.h. */
  readonly architecture: number;
  /** The numbers of add_key(2), request_key(2) and keyctl(2). */
  readonly keys: readonly [number, number, number];
}

const CALLS: Partial<Record<NodeJS.Architecture, Calls>> = {
  x64: { architecture: 0xc000003e, keys: [248, 249, 250] },
  arm64: { architecture: 0xc00000b7, keys: [217, 218, 219] },
};

/** Operations of classic BPF, and the results of a filter (include/uapi/linux/{bpf_common,seccomp}.h). */
const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const RETURN = 0x06;
const ALLOWED = 0x7fff0000;
const EPERM = 0x00050001;
/** Where struct seccomp_data has them. */
const NUMBER = 0;
const ARCHITECTURE = 4;
/** From here on the numbers are those of x32, with the same calls once more. */
const X32 = 0x40000000;

/** For `bwrap --seccomp`. @returns undefined for an architecture whose numbers are not known here */
export function withoutKeys(arch: NodeJS.Architecture = process.arch): Buffer | undefined {
  const calls = CALLS[arch];
  if (calls === undefined) return undefined;
  const [first, second, third] = calls.keys;
  return bpfProgram([
    [LOAD, 0, 0, ARCHITECTURE],
    [IF_EQUAL, 1, 0, calls.architecture],
    [RETURN, 0, 0, EPERM],
    [LOAD, 0, 0, NUMBER],
    [IF_AT_LEAST, 4, 0, X32],
    [IF_EQUAL, 3, 0, first],
    [IF_EQUAL, 2, 0, second],
    [IF_EQUAL, 1, 0, third],
    [RETURN, 0, 0, ALLOWED],
    [RETURN, 0, 0, EPERM],
  ]);
}
