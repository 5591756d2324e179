import { execa } from 'execa';
import { findK6 } from './k6.ts';
import { findKubeProxy } from './kube-proxy.ts';
import { ownVersion } from '../util/own-version.ts';

/** The version option of each program. */
const PROGRAMS = {
  ip: ['-Version'],
  nft: ['--version'],
  conntrack: ['--version'],
  'kube-proxy': ['--version'],
  k6: ['version'],
} as const;

/** Versions of everything that affects a run; missing programs are left out. */
export async function versions(): Promise<Record<string, string>> {
  const paths: Readonly<Record<string, string | undefined>> = {
    'kube-proxy': findKubeProxy(process.env),
    k6: findK6(process.env),
  };
  const asked = Object.entries(PROGRAMS).map(async ([program, args]) => {
    const { failed, stdout, stderr } = await execa(paths[program] ?? program, args, { reject: false });
    return failed ? [] : [[program, (stdout || stderr).split('\n')[0] ?? '']];
  });
  const answers = (await Promise.all(asked)).flat();
  return {
    tablefull: ownVersion(),
    node: process.versions.node,
    ...(Object.fromEntries(answers) as Record<string, string>),
  };
}
