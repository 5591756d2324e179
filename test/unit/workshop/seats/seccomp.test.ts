import { describe, expect, it } from 'vitest';
import { INSTRUCTION } from '../../../../src/kernel/bpf.ts';
import { withoutKeys } from '../../../../src/workshop/seats/seccomp.ts';

/**
 * Numbers of system calls as the kernel’s headers have them: asm/unistd_64.h of Debian’s linux-libc-dev 6.1.192-2 (amd64),
 * and asm-generic/unistd.h of linux-libc-dev-arm64-cross 6.1.4-1cross1.
 */
const CALLS = {
  read: { x64: 0, arm64: 63 },
  openat: { x64: 257, arm64: 56 },
  execve: { x64: 59, arm64: 221 },
  socket: { x64: 41, arm64: 198 },
  clone: { x64: 56, arm64: 220 },
  ptrace: { x64: 101, arm64: 117 },
  unshare: { x64: 272, arm64: 97 },
  clone3: { x64: 435, arm64: 435 },
  add_key: { x64: 248, arm64: 217 },
  request_key: { x64: 249, arm64: 218 },
  keyctl: { x64: 250, arm64: 219 },
} as const;
const REFUSED: readonly string[] = ['add_key', 'request_key', 'keyctl'];
/** Beyond the last call of any kernel so far. */
const NUMBERS = 1000;

/** linux/audit.h with the machines of linux/elf-em.h: 64 bits, little endian. */
const [BITS_64, LITTLE] = [0x80000000, 0x40000000];
const AUDIT = {
  i386: LITTLE + 3,
  arm: LITTLE + 40,
  x64: BITS_64 + LITTLE + 62,
  arm64: BITS_64 + LITTLE + 183,
};
/** __X32_SYSCALL_BIT of asm/unistd.h. */
const X32 = 0x40000000;
/** linux/seccomp.h, with EPERM of asm-generic/errno-base.h. */
const [ALLOW, ERRNO, EPERM] = [0x7fff0000, 0x00050000, 1];

/**
 * What a filter answers to a call, as the kernel runs it (kernel/seccomp.c, net/core/filter.c): classic BPF over struct
 * seccomp_data, whose first words are the number and the architecture.
 *
 * @throws Error where the kernel would refuse the program: an unknown operation, or an end without an answer
 */
function answerOf(program: Buffer, number: number, architecture: number): number {
  const data = [number >>> 0, architecture >>> 0];
  let register = 0;
  for (let at = 0; at * INSTRUCTION < program.length; at++) {
    const start = at * INSTRUCTION;
    const operand = program.readUInt32LE(start + 4);
    const jump = (holds: boolean): number => program.readUInt8(start + (holds ? 2 : 3));
    switch (program.readUInt16LE(start)) {
      case 0x20: {
        // BPF_LD | BPF_W | BPF_ABS
        const word = data[operand / 4];
        if (word === undefined) throw new Error(`instruction ${String(at)} loads ${String(operand)}`);
        register = word;
        break;
      }
      case 0x15: // BPF_JMP | BPF_JEQ | BPF_K
        at += jump(register === operand);
        break;
      case 0x35: // BPF_JMP | BPF_JGE | BPF_K
        at += jump(register >= operand);
        break;
      case 0x06: // BPF_RET | BPF_K
        return operand;
      default:
        throw new Error(`instruction ${String(at)} is unknown`);
    }
  }
  throw new Error('the program ends without an answer');
}

describe.each(['x64', 'arm64'] as const)('the filter of a seat’s system calls on %s', (arch) => {
  const filter = withoutKeys(arch) ?? expect.fail('there is none');
  const answer = (number: number, architecture = AUDIT[arch]): number =>
    answerOf(filter, number, architecture);

  it.each(Object.entries(CALLS))('answers %s as on every architecture', (name, numbers) => {
    expect(answer(numbers[arch])).toBe(REFUSED.includes(name) ? ERRNO + EPERM : ALLOW);
  });

  it('refuses three calls and no other', () => {
    const refused = Array.from({ length: NUMBERS }, (_, number) => number).filter(
      (number) => answer(number) !== ALLOW,
    );
    const { add_key, request_key, keyctl } = CALLS;
    expect(refused).toEqual([add_key[arch], request_key[arch], keyctl[arch]]);
  });

  it('refuses every call of another architecture, whose numbers mean other calls', () => {
    const { [arch]: _, ...others } = AUDIT;
    for (const architecture of Object.values(others))
      for (let number = 0; number < NUMBERS; number++)
        expect(answer(number, architecture)).toBe(ERRNO + EPERM);
  });

  it('refuses every call of x32, and numbers that are none', () => {
    for (let number = 0; number < NUMBERS; number++) expect(answer(X32 + number)).toBe(ERRNO + EPERM);
    expect(answer(-1)).toBe(ERRNO + EPERM);
  });
});

it('a seat’s filter is not made for an architecture whose numbers are not known', () => {
  for (const arch of ['arm', 'ia32', 'riscv64', 's390x'] as const) expect(withoutKeys(arch)).toBeUndefined();
});
