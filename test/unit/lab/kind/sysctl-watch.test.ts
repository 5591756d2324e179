import { describe, expect, it } from 'vitest';
import { SysctlWatch } from '../../../../src/lab/kind/inside/sysctl-watch.ts';

const LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal';
const LOOSE = 'net.netfilter.nf_conntrack_tcp_loose';

function node(broken = false) {
  const sysctls: Record<string, string> = { [LIBERAL]: '0', [LOOSE]: '1' };
  const log: string[] = [];
  const watch = new SysctlWatch(
    {
      readSysctl: (name) => sysctls[name] ?? '',
      writeSysctl: (name, value) => (broken ? '?' : (sysctls[name] = value)),
    },
    {
      note: (name, set, read) => void log.push(`note ${name}: was ${read(name)}, set ${set}`),
      settle: (name, value) => void log.push(`settle ${name}: ${value}`),
    },
    () => Object.keys(sysctls),
  );
  return { watch, sysctls, log };
}

describe('the sysctls of a node while a manifest is applied', () => {
  it('are compared with those from before, noted on disk, and restored', () => {
    const { watch, sysctls, log } = node();
    watch.begin();
    sysctls[LIBERAL] = '1';
    expect(watch.changed()).toEqual({ before: { [LIBERAL]: '0' }, after: { [LIBERAL]: '1' } });
    expect(log).toEqual([`note ${LIBERAL}: was 0, set 1`]);
    expect(watch.restore()).toEqual({ before: { [LIBERAL]: '1' }, after: { [LIBERAL]: '0' } });
    expect(sysctls[LIBERAL]).toBe('0');
    expect(log.at(-1)).toBe(`settle ${LIBERAL}: 0`);
  });

  it('are restored where they change after the rollout, and left where the manifest’s pods undo it', () => {
    const { watch, sysctls } = node();
    watch.begin();
    sysctls[LIBERAL] = '1';
    watch.changed();
    Object.assign(sysctls, { [LIBERAL]: '0', [LOOSE]: '0' });
    watch.restore();
    expect(sysctls).toEqual({ [LIBERAL]: '0', [LOOSE]: '1' });
  });

  it('are named where one does not come back', () => {
    const { watch, sysctls } = node(true);
    watch.begin();
    sysctls[LIBERAL] = '1';
    expect(() => watch.restore()).toThrow(`${LIBERAL}: was 0, now ?`);
  });
});
