import { containment, isContained, type Containment } from '../../../kernel/container.ts';
import { readIfThere } from '../../../util/read-if-there.ts';

/** Settings that decide whether a user may create namespaces; undefined where this kernel lacks one. */
export interface NamespaceSettings extends Containment {
  readonly root: boolean;
  /** Ubuntu 23.10 and later: 1 requires an AppArmor profile for user namespaces. */
  readonly apparmorRestricts: number | undefined;
  /** Debian and Arch: 0 forbids user namespaces without root. */
  readonly unprivilegedClone: number | undefined;
  readonly maxUserNamespaces: number | undefined;
}

/** See docs/how-to/run-in-a-container.md. */
const CONTAINER_FIX =
  'start the container with --security-opt seccomp=unconfined --security-opt systempaths=unconfined, or run on the machine itself';

export function namespaceSettings(): NamespaceSettings {
  return {
    root: process.geteuid?.() === 0,
    apparmorRestricts: setting('kernel/apparmor_restrict_unprivileged_userns'),
    unprivilegedClone: setting('kernel/unprivileged_userns_clone'),
    maxUserNamespaces: setting('user/max_user_namespaces'),
    ...containment(),
  };
}

/** The likeliest setting that forbids namespaces, and the fix. */
export function namespaceCause(settings: NamespaceSettings): { cause: string; fix: string } {
  const { root, apparmorRestricts, unprivilegedClone, maxUserNamespaces, procMasked } = settings;
  const or = root ? '' : ', or run with sudo';
  if (maxUserNamespaces === 0)
    return {
      cause: 'user.max_user_namespaces is 0',
      fix: `sudo sysctl -w user.max_user_namespaces=15000${or}`,
    };
  if (!root && unprivilegedClone === 0) {
    const name = 'kernel.unprivileged_userns_clone';
    return { cause: `${name} is 0`, fix: `sudo sysctl -w ${name}=1${or}` };
  }
  if (!root && apparmorRestricts === 1) {
    const name = 'kernel.apparmor_restrict_unprivileged_userns';
    return { cause: `${name} is 1`, fix: `sudo sysctl -w ${name}=0${or}` };
  }
  if (isContained(settings)) {
    const cause = procMasked
      ? 'this is a container with parts of /proc covered'
      : 'this is a container without CAP_SYS_ADMIN';
    return { cause, fix: CONTAINER_FIX };
  }
  return {
    cause: 'no setting known to this version explains it',
    fix: root ? 'see dmesg' : 'run with sudo',
  };
}

function setting(path: string): number | undefined {
  const text = readIfThere(`/proc/sys/${path}`);
  return text === undefined ? undefined : Number(text);
}
