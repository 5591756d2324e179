/** `[6, 18]` of `6.18.44-generic`. */
export function kernelVersion(kernel: string): readonly [major: number, minor: number] {
  const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10));
  return [major, minor];
}
