import type { Remedy } from './remedy.ts';

export const shorterRecordTtl: Remedy = {
  name: 'shorter-record-ttl',
  summary: 'the cluster’s DNS answers with a TTL of 0: no cache may keep what it said',
  applies: 'CoreDNS: `ttl 0` in its kubernetes plugin, for every record of the cluster',
  cost: 'one lookup per connection instead of one per TTL; clients that ignore the TTL (an old JVM) stay as they are',
  why: { helps: 'no client caches an old address', fails: 'no cached name is at fault' },
  requires: [],
  changes: () => [{ kind: 'record-ttl', seconds: 0 }],
};
