import { InvalidArgumentError } from 'commander';
import { DURATION, parseDuration } from '../../util/duration.ts';
import { CLUSTER_NAME, isClusterName } from '../../util/cluster-name.ts';

/** `a,b`. */
export function names(text: string): string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.includes('')) throw new InvalidArgumentError('Give names separated by commas.');
  return list;
}

/** `a=b,c=d`, added to earlier uses of the option. */
export function pairs(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const list = text.split(',').map((pair): [string, string] => {
    const [, name, value] = /^\s*(\S+?)\s*=\s*([^=\s]+)\s*$/.exec(pair) ?? [];
    if (name === undefined || value === undefined)
      throw new InvalidArgumentError(`Give NAME=VALUE, not \`${pair}\`.`);
    return [name, value];
  });
  return { ...before, ...Object.fromEntries(list) };
}

/** A whole number, at least `least`. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number < 2 ** 31) return number;
    throw new InvalidArgumentError(`Give a whole number from ${String(least)} to ${String(2 ** 31 - 1)}.`);
  };
}

/** `10m`, `90s`. @returns ms */
export function duration(text: string): number {
  if (DURATION.test(text)) return parseDuration(text);
  throw new InvalidArgumentError('Give a duration like 90s or 10m.');
}

/** The name of a kept cluster. */
export function clusterName(text: string): string {
  if (isClusterName(text)) return text;
  const { most, says } = CLUSTER_NAME;
  throw new InvalidArgumentError(`Give a name of at most ${String(most)} ${says}.`);
}

/** `1.34.4`. */
export function version(text: string): string {
  if (/^\d+\.\d+\.\d+$/.test(text)) return text;
  throw new InvalidArgumentError('Give a version like 1.34.4.');
}

/** `0.0.0.0`, `:8040`, `192.168.1.5:8040`, `[::1]:8040`. */
export function listenAddress(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, port] = /^(?:\[([\da-f:]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (text === '' || text === ':' || host === undefined || Number(port ?? 0) > 65_535)
    throw new InvalidArgumentError('Give ADDRESS, :PORT or ADDRESS:PORT, like 192.168.1.5:8040.');
  return { host: host === '' ? DEFAULT_LISTEN.host : host, port: Number(port ?? DEFAULT_LISTEN.port) };
}

/** Only this machine. */
export const DEFAULT_LISTEN = { host: '127.0.0.1', port: 8040 } as const;
