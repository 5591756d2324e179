import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conntrackIn } from '../../../src/load/settings/config-file.ts';

describe('a KubeProxyConfiguration that a learner wrote', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tablefull-config-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const written = (text: string): string => {
    const file = join(folder, 'kube-proxy.conf');
    writeFileSync(file, text);
    return file;
  };

  it('counts by its section conntrack', () => {
    const file = written('kind: KubeProxyConfiguration\nconntrack:\n  tcpCloseWaitTimeout: 1m0s\n');
    expect(conntrackIn(file)).toEqual({ tcpCloseWaitTimeout: '1m0s' });
    expect(conntrackIn(written('kind: KubeProxyConfiguration\n'))).toEqual({});
  });

  it('does not count while it is missing', () => {
    expect(conntrackIn(join(folder, 'other.conf'))).toBeUndefined();
  });

  it.each([
    ['conntrack: { tcpCloseWaitTimeout: 60 }', /kube-proxy\.conf: conntrack\.tcpCloseWaitTimeout: /],
    ['conntrack: { closeWait: 1m0s }', /kube-proxy\.conf: conntrack: .*closeWait/],
    ['conntrack: {', /kube-proxy\.conf: .*line 1/],
  ])('is refused with file and place: %s', (text, message) => {
    expect(() => conntrackIn(written(text))).toThrow(message);
  });
});
