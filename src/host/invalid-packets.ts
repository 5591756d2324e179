import type { Host } from './host.ts';

const CHAIN = 'KUBE-FORWARD';
/** Before the jump to that chain; kube-proxy, which writes its own chains with each sync, leaves it alone. */
const PASS = [
  ...['FORWARD', '-m', 'conntrack', '--ctstate', 'INVALID'],
  ...['-m', 'comment', '--comment', 'tablefull', '-j', 'ACCEPT'],
];

type IptablesHost = Pick<Host, 'iptables'>;

/**
 * Whether kube-proxy's rule against INVALID packets is in force (pkg/proxy/iptables/proxier.go, filter table,
 * KUBE-FORWARD). Its nftables mode has none, nor has the embedded lab; nor has iptables mode where be_liberal was set
 * when it started.
 */
export async function dropsInvalid(host: IptablesHost): Promise<boolean> {
  const listed = await host.iptables(['-S', CHAIN]);
  const drops = listed
    ?.split('\n')
    .some((line) => line.includes('--ctstate INVALID') && line.endsWith('-j DROP'));
  return drops === true && !(await did(host, '-C'));
}

/** Accepts INVALID packets before that rule sees them. */
export async function acceptInvalid(host: IptablesHost): Promise<void> {
  await did(host, '-I');
}

/** Puts kube-proxy's rule back in force, where a run had it out of the way. @returns whether it had */
export async function dropsInvalidAgain(host: IptablesHost): Promise<boolean> {
  if (!(await did(host, '-C'))) return false;
  return did(host, '-D');
}

/** @returns whether iptables did it */
async function did(host: IptablesHost, verb: '-C' | '-D' | '-I'): Promise<boolean> {
  return (await host.iptables([verb, ...PASS])) !== undefined;
}
