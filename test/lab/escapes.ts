/** Serial numbers, as in /proc/keys. */
export interface Key {
  readonly key: number;
  readonly keyring: number;
}

/** What a test knows of the machine, for a learner who tries to get out. */
export interface Outside {
  /** A file that every user of the machine may read. */
  readonly secret: string;
  /** A folder in which every user may write. */
  readonly folder: string;
  /** The trainer’s command, and the first process of another seat’s lab. */
  readonly trainer: number;
  readonly otherSeat: number;
  /** Ports on the machine’s loopback: a server of the test’s, and the class’s own pages. */
  readonly ports: readonly number[];
  /** An address of the machine in its network, where it has one. */
  readonly address: string | undefined;
  /** Name of an abstract socket. */
  readonly abstract: string;
  /** A segment of shared memory, of the trainer’s user. */
  readonly segment: number;
  /** A key of the trainer’s user, and the keyring that has it. */
  readonly key: Key;
}

const PTRACE = process.arch === 'arm64' ? 117 : 101;
const PTRACE_SEIZE = 0x4206;

/** Linux’s numbers of system calls, operations and keyrings (include/uapi/linux/keyctl.h). */
const [ADD_KEY, KEYCTL] = process.arch === 'arm64' ? [217, 219] : [248, 250];
const [GET_KEYRING_ID, LINK, UNLINK, READ] = [0, 8, 9, 11];
const [SESSION_KEYRING, USER_KEYRING] = [-3, -4];

/** Programs for `perl`: to give a user a key, printing its keyring and the key, to take it away, and to steal it. */
export const KEY_PROGRAMS = {
  add: `$type = "user"; $name = "tablefull-test"; $secret = "secret"; print syscall(${String(KEYCTL)}, ${String(GET_KEYRING_ID)}, ${String(USER_KEYRING)}, 1), " ", syscall(${String(ADD_KEY)}, $type, $name, $secret, 6, ${String(USER_KEYRING)})`,
  remove: ({ key, keyring }: Key) =>
    `syscall(${String(KEYCTL)}, ${String(UNLINK)}, ${String(key)}, ${String(keyring)})`,
  steal: ({ key, keyring }: Key) =>
    `syscall(${String(KEYCTL)}, ${String(LINK)}, ${String(keyring)}, ${String(SESSION_KEYRING)}); $secret = "x" x 64; exit(syscall(${String(KEYCTL)}, ${String(READ)}, ${String(key)}, $secret, 64) == 6 ? 0 : 1)`,
};

/** The size of a segment that a learner makes, by which a test finds it. */
export const LEFT_BYTES = 48_879;

/** Each attempt by name: a command for `bash` that succeeds where the wall has a hole. */
export function attemptsOf(outside: Outside): Readonly<Record<string, string>> {
  const { secret, folder, trainer, otherSeat, ports, address, abstract, segment, key } = outside;
  const [pid, other] = [String(trainer), String(otherSeat)];
  const hosts = ['127.0.0.1', ...(address === undefined ? [] : [address])];
  const connects = hosts.flatMap((host) =>
    ports.map((port): [string, string] => [
      `connect to the machine, ${host}:${String(port)}`,
      `echo > /dev/tcp/${host}/${String(port)}`,
    ]),
  );
  return {
    'read a file of the machine': `cat ${secret}`,
    'read the tokens of the class': `cat ${folder}/tablefull/seats-*.json`,
    'read /etc/shadow or /etc/passwd': 'cat /etc/shadow || cat /etc/passwd',
    'look into homes': 'ls -d /root /home',
    'write a file of the machine': `touch ${folder}/written`,
    'write to /usr': 'touch /usr/written',
    'use a folder that the trainer’s shell left open': 'ls /proc/self/fd/9/etc',
    'read the trainer’s environment': 'env | grep TABLEFULL_TEST_RUN',
    'see a process of the machine': `cat /proc/[0-9]*/cmdline | tr '\\0' '\\n' | grep -E '(main|agent)[.]ts'`,
    'signal the trainer': `kill -0 ${pid}`,
    'trace the trainer': `perl -e 'exit(syscall(${String(PTRACE)}, ${String(PTRACE_SEIZE)}, ${pid}, 0, 0) == 0 ? 0 : 1)'`,
    'read the trainer’s memory': `dd if=/proc/${pid}/mem count=0`,
    'go through the root of the trainer': `ls /proc/${pid}/root/`,
    'join another seat by its process': `nsenter --target ${other} --net true`,
    'join another seat’s user namespace': `nsenter --target ${other} --user true`,
    'find a name of a network namespace': 'ls /run/netns || ls /var/run/netns',
    'reach docker': 'ls /run/docker.sock || ls /var/run/docker.sock',
    'connect to an abstract socket': `perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0); exit(connect(S, sockaddr_un("\\0${abstract}")) ? 0 : 1)'`,
    'read a key of the trainer’s': `perl -e '${KEY_PROGRAMS.steal(key)}'`,
    'see what keys there are': 'grep . /proc/keys || grep . /proc/key-users',
    'make a user namespace': 'unshare --user true',
    'make a network namespace': 'unshare --net true',
    mount: 'mount -t tmpfs none /tmp',
    'make /usr writable': 'mount -o remount,rw,bind /usr',
    'uncover /proc/sys': 'umount /proc/sys || umount -l /proc/sys/net',
    'mount another /proc': 'mount -t proc proc /tmp',
    'change the root': 'chroot / true',
    'make a device': 'mknod /tmp/disk b 8 0',
    'become another user': 'setpriv --reuid 1 true',
    'write to the machine’s sysctls':
      'echo 61 > /proc/sys/vm/swappiness || echo x > /proc/sys/kernel/domainname || echo 0 > /proc/sys/kernel/randomize_va_space',
    'allow user namespaces again': 'echo 9 > /proc/sys/user/max_user_namespaces',
    'press a system request key': 'echo h > /proc/sysrq-trigger',
    'change the buckets of the machine’s tables': 'echo 4096 > /proc/sys/net/netfilter/nf_conntrack_buckets',
    'read the kernel’s log': 'dmesg',
    'write to a disk': 'ls /dev/sd* /dev/vd* /dev/nvme* /dev/mem',
    'fill the memory by files': 'head -c 40M /dev/zero > /tmp/big',
    'fill the memory by the file of the node’s maximum': filled('/proc/sys/net/netfilter/nf_conntrack_max'),
    'fill the memory by a file of the pod’s': filled('/etc/resolv.conf'),
    'write to shared memory': 'touch /dev/shm/x',
    'remove a segment of shared memory of the trainer’s': `ipcrm -m ${String(segment)}`,
    'leave a segment of shared memory': `ipcmk -M ${String(LEFT_BYTES)}; exit 1`,
    ...Object.fromEntries(connects),
  };
}

/** Writes too much to a file, and what was in it thereafter. */
function filled(path: string): string {
  return `was=$(cat ${path}); head -c 40M /dev/zero > ${path}; code=$?; echo "$was" > ${path}; exit $code`;
}

/** What nothing holds. */
export const CONTROL = 'run a program';

/** Programs of the attempts: one without its program would be held by any wall. */
const PROGRAMS = [
  'perl',
  'nsenter',
  'unshare',
  'setpriv',
  'ipcrm',
  'ipcmk',
  'mount',
  'umount',
  'mknod',
  'dmesg',
];

/**
 * What to type to make all attempts; each says `held: NAME` or `ESCAPED: NAME`. An attempt that needs no way out
 * says the second, and a program that is not there `missing: NAME`.
 */
export function scriptOf(attempts: Readonly<Record<string, string>>): string {
  const lines = Object.entries(attempts).map(([name, command]) => `try ${quoted(name)} ${quoted(command)}`);
  return [
    'try() { timeout 3 bash -c "$2" > /dev/null 2>&1 && echo "ESCAPED: $1" || echo "held: $1"; }',
    `for each in ${PROGRAMS.join(' ')}; do command -v "$each" > /dev/null || echo "missing: $each"; done`,
    `try ${quoted(CONTROL)} true`,
    ...lines,
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
