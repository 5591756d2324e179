import type { Host } from './host.ts';

const CHAIN = 'KUBE-FORWARD';
/** Before the jump to that chain, where kube-proxy's syncs leave it alone. */
const PASS = [
  ...['FORWARD', '-m', 'conntrack', '--ctstate', 'INVALID'],
  ...['-m', 'comment', '--comment', 'tablefull', '-j', 'ACCEPT'],
];

type IptablesHost = Pick<Host, 'iptables'>;

/**
 * Whether kube-proxy's rule against INVALID packets applies (pkg/proxy/iptables/proxier.go, filter table,
 * KUBE-FORWARD). Its nftables mode and the embedded lab have none, nor has iptables mode with be_liberal set
 * at its start.
 */
export async function dropsInvalid(host: IptablesHost): Promise<boolean> {
  const listed = await host.iptables(['-S', CHAIN]);
  const drops = listed
    ?.split('\n')
    .some((line) => line.includes('--ctstate INVALID') && line.endsWith('-j DROP'));
  return drops === true && !(await did(host, '-C'));
}

/** Accepts INVALID packets before that rule. */
export async function acceptInvalid(host: IptablesHost): Promise<void> {
  await did(host, '-I');
}

/** Makes kube-proxy's rule apply again. @returns whether a run had bypassed it */
export async function dropsInvalidAgain(host: IptablesHost): Promise<boolean> {
  if (!(await did(host, '-C'))) return false;
  return did(host, '-D');
}

/** @returns whether iptables succeeded */
async function did(host: IptablesHost, verb: '-C' | '-D' | '-I'): Promise<boolean> {
  return (await host.iptables([verb, ...PASS])) !== undefined;
}
