import type { Sysctls } from '../../../../src/lab/kind/outside/cluster/machine-sysctls.ts';

/** The machine's sysctls in memory, which kubelets and root change. */
export class FakeSysctls implements Sysctls {
  readonly values = new Map([
    ['vm.overcommit_memory', '0'],
    ['kernel.panic', '0'],
    ['kernel.panic_on_oops', '0'],
  ]);
  isRoot = true;

  readonly has = (name: string): boolean => this.values.has(name);
  readonly read = (name: string): string => this.values.get(name) ?? '';
  readonly write = (name: string, value: string): void => {
    if (!this.isRoot) throw new Error(`set ${name} to ${value}: EACCES`);
    this.values.set(name, value);
  };

  /** What a kubelet does at start. */
  readonly kubelet = (): void => {
    this.values.set('vm.overcommit_memory', '1').set('kernel.panic', '10').set('kernel.panic_on_oops', '1');
  };

  get now(): string {
    return [...this.values.values()].join(' ');
  }
}
