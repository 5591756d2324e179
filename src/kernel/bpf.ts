/** Code, instructions to skip if true, if false, operand. */
type Instruction = readonly [code: number, yes: number, no: number, operand: number];

/** Bytes of a struct sock_filter (include/uapi/linux/filter.h): u16 code, u8 jt, u8 jf, u32 k. */
export const INSTRUCTION = 8;

/** A program of classic BPF, as the kernel takes it. */
export function bpfProgram(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * INSTRUCTION);
  for (const [at, [code, yes, no, operand]] of program.entries()) {
    const start = at * INSTRUCTION;
    bytes.writeUInt16LE(code, start);
    bytes.writeUInt8(yes, start + 2);
    bytes.writeUInt8(no, start + 3);
    bytes.writeUInt32LE(operand, start + 4);
  }
  return bytes;
}
