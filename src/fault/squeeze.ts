import type { Fault } from './fault.ts';

export const squeeze: Fault<{ node: string; free: number; assured?: boolean; alike?: string[] }> = {
  name: 'squeeze',
  summary: 'a node’s conntrack table has only so many free entries, in the way that --squeeze says',
  on: (table) => ({ kind: 'squeeze', ...table }),
};
