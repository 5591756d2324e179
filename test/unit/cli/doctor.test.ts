import { describe, expect, it, test } from 'vitest';
import type { Check } from '../../../src/lab/entry.ts';
import { namespaceCause, type NamespaceSettings } from '../../../src/lab/netns/outside/cause.ts';
import { checksOf } from '../../../src/lab/netns/outside/preflight.ts';
import { missingTools, OF_A_PERSON, OF_THE_LAB } from '../../../src/lab/netns/outside/tools.ts';
import { fixOf } from '../../../src/kernel/kmsg.ts';
import { nodeCheck } from '../../../src/cli/verbs/doctor.ts';
import { Cli, fakeLab, Kept } from './cli.ts';

const WILLING: NamespaceSettings = {
  root: false,
  apparmorRestricts: 0,
  unprivilegedClone: 1,
  maxUserNamespaces: 15_000,
  mayAdminister: true,
  procMasked: false,
};
const STEPS = ['mount', 'namespace', 'link', 'rules', 'sysctl', 'ballast'].map((name) => ({
  name,
  ok: true,
}));

describe('where namespaces can’t be had, the setting that forbids them and the way on are named', () => {
  test.each<[string, Partial<NamespaceSettings>, string, string]>([
    [
      'Ubuntu',
      { apparmorRestricts: 1 },
      'kernel.apparmor_restrict_unprivileged_userns is 1',
      'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or run with sudo',
    ],
    [
      'Debian and Arch',
      { unprivilegedClone: 0 },
      'kernel.unprivileged_userns_clone is 0',
      'sudo sysctl -w kernel.unprivileged_userns_clone=1, or run with sudo',
    ],
    [
      'a hardened machine',
      { maxUserNamespaces: 0 },
      'user.max_user_namespaces is 0',
      'sudo sysctl -w user.max_user_namespaces=15000, or run with sudo',
    ],
    [
      'a container',
      { root: true, mayAdminister: false },
      'this is a container without CAP_SYS_ADMIN',
      'start the container with --security-opt seccomp=unconfined --security-opt systempaths=unconfined, or run on the machine itself',
    ],
    [
      'a container with CAP_SYS_ADMIN alone',
      { root: true, procMasked: true },
      'this is a container with parts of /proc covered',
      'start the container with --security-opt seccomp=unconfined --security-opt systempaths=unconfined, or run on the machine itself',
    ],
    ['an unknown reason', {}, 'no setting known to this version explains it', 'run with sudo'],
  ])('%s', (_, settings, cause, fix) => {
    expect(namespaceCause({ ...WILLING, ...settings })).toEqual({ cause, fix });
  });

  it('does not blame root for what only binds users', () => {
    expect(
      namespaceCause({ ...WILLING, root: true, apparmorRestricts: 1, unprivilegedClone: 0 }).cause,
    ).toMatch(/^no setting/);
  });
});

describe('the trial', () => {
  it('that fails at once is a failure to make namespaces', () => {
    const [check, ...rest] = checksOf([], 'unshare: Operation not permitted', {
      ...WILLING,
      apparmorRestricts: 1,
    });
    expect(rest).toEqual([]);
    expect(check).toMatchObject({
      name: 'namespaces',
      status: 'missing',
      found: 'unshare: Operation not permitted (kernel.apparmor_restrict_unprivileged_userns is 1)',
    });
  });

  it('that fails on its way names the step, its reason and its fix, and nothing after it', () => {
    const steps = [
      ...STEPS.slice(0, 2),
      { name: 'link', ok: false, why: 'RTNETLINK answers: Not supported' },
    ];
    expect(checksOf(steps, '', WILLING).at(-1)).toEqual({
      name: 'link',
      status: 'missing',
      found: 'RTNETLINK answers: Not supported',
      fix: 'sudo modprobe veth, or use a kernel that has it',
    });
  });

  it.each([
    [true, 'ok'],
    [false, 'limited'],
  ])('tells whether a namespace can have a maximum of its own (%s)', (ok, status) => {
    const checks = checksOf([...STEPS, { name: 'own-limit', ok }], '', WILLING);
    expect(checks.filter((check) => check.status !== 'ok').length).toBe(ok ? 0 : 1);
    expect(checks.at(-1)).toMatchObject({ name: 'netns-sysctl', status });
  });
});

describe('a missing program', () => {
  test.each([
    ['apt-get', 'sudo apt-get install iproute2 nftables'],
    ['dnf', 'sudo dnf install iproute nftables'],
    ['pacman', 'sudo pacman -S iproute2 nftables'],
    ['zypper', 'sudo zypper install iproute2 nftables'],
    ['apk', 'sudo apk add iproute2 nftables'],
    ['none', 'install iproute2 nftables'],
  ])('is installed with the machine’s own package manager (%s)', (manager, fix) => {
    expect(
      missingTools(
        OF_THE_LAB,
        (program) =>
          program === manager ||
          (!['ip', 'nft'].includes(program) && !/apt|dnf|pacman|zypper|apk/.test(program)),
      ),
    ).toEqual({ tools: ['ip', 'nft'], fix });
  });

  it('of those that lessons ask for is named, too', () => {
    const has = (program: string): boolean =>
      !['dig', 'ss'].includes(program) && !/dnf|pacman|zypper|apk/.test(program);
    expect(missingTools(OF_A_PERSON, has)).toEqual({
      tools: ['ss', 'dig'],
      fix: 'sudo apt-get install iproute2 bind9-dnsutils',
    });
  });

  it('is not missed where all are there', () => {
    expect(missingTools(OF_THE_LAB, () => true)).toBeUndefined();
  });
});

it('calls for Node 24 where an older one runs it', () => {
  expect(nodeCheck('20.20.2')).toMatchObject({
    status: 'missing',
    fix: 'npm ci installs Node 24 for npm run; or install it',
  });
  expect(nodeCheck('24.0.0').status).toBe('ok');
});

describe('a kernel’s log that can’t be read', () => {
  const settings = { isThere: true, contained: false, restricted: true };
  test.each([
    ['a user of the machine', {}, 'run as root, or allow it: sudo sysctl -w kernel.dmesg_restrict=0'],
    ['a user whom no sysctl forbids it', { restricted: false }, 'run as root'],
    [
      'a container without the device',
      { isThere: false },
      'start the container with --device /dev/kmsg, and on its host: sudo sysctl -w kernel.dmesg_restrict=0',
    ],
    [
      'a container with the device, whose root the kernel does not take for the machine’s',
      { contained: true },
      'start the container with --device /dev/kmsg, and on its host: sudo sysctl -w kernel.dmesg_restrict=0',
    ],
    [
      'a container on a host whose log is open',
      { isThere: false, restricted: false },
      'start the container with --device /dev/kmsg',
    ],
  ])('has the fix that works for %s', (_, is, fix) => {
    expect(fixOf({ ...settings, ...is })).toBe(fix);
  });
});

describe('doctor', () => {
  const withChecks = (...checks: Check[]) => ({ ...fakeLab(), checks: () => Promise.resolve(checks) });

  it('prints a row a check with the fix below, and ends with exit code 2 where something is missing', async () => {
    const lab = withChecks({
      name: 'tools',
      status: 'missing',
      found: 'nft not found',
      fix: 'sudo apt-get install nftables',
    });
    using tablefull = new Cli({ labs: [lab] });
    const { code, stdout } = await tablefull.run('doctor');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^missing {2}tools +nft not found\n +fix: sudo apt-get install nftables$/m);
  });

  it('writes a command in a fix as its reader can type it', async () => {
    const leftovers = { status: 'incomplete', restored: [], left: ['nf_conntrack_max is 7'] } as const;
    const restoreLeftovers = () => Promise.resolve({ ...leftovers, restored: [], left: [...leftovers.left] });
    using tablefull = new Cli({
      labs: [withChecks()],
      restoreLeftovers,
      env: { npm_lifecycle_event: 'scenario' },
    });
    expect((await tablefull.run('doctor')).stdout).toContain('fix: `sudo npm run tablefull -- restore`');
  });

  it.each([
    [undefined, 80],
    [200, 100],
    [70, 70],
  ])('wraps its rows for a screen of %s columns', async (columns, widest) => {
    const found = 'unshare: Operation not permitted, for a reason '.repeat(5).trim();
    const lab = withChecks({ name: 'namespaces', status: 'missing', found, fix: found });
    const stdout = Object.assign(new Kept(), columns === undefined ? {} : { columns });
    using tablefull = new Cli({ labs: [lab], stdout });
    await tablefull.run('doctor');
    const lines = stdout.text.trimEnd().split('\n');
    expect(lines.filter((line) => line.length > widest)).toEqual([]);
    expect(stdout.text).toContain('nf_conntrack_max for');
    const joined = stdout.text.replaceAll(/\n +(?=\S)(?!fix)/g, ' ');
    expect(joined).toContain(`namespaces  ${found}\n`);
    expect(joined).toContain(`  fix: ${found}\n`);
  });

  it('ends with exit code 0 where something is only limited', async () => {
    const unreadable = { why: 'EPERM', fix: 'run as root' };
    const openKernelLog = () => ({
      read: () => ({ lines: [], unreadable }),
      [Symbol.dispose]: () => undefined,
    });
    using tablefull = new Cli({ labs: [withChecks()], openKernelLog });
    const { code, stdout } = await tablefull.run('doctor', '--json');
    expect(code).toBe(0);
    const { schema, checks } = JSON.parse(stdout) as { schema: string; checks: Check[] };
    expect(schema).toBe('tablefull/doctor/v1');
    expect(checks).toContainEqual({
      name: 'kernel-log',
      status: 'limited',
      found: 'EPERM: the counter drop is the evidence instead',
      fix: 'run as root',
    });
  });
});
