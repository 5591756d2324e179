import type { Scenario } from '../src/scenario/define.ts';
import asymmetricInvalid from './asymmetric-invalid.ts';
import boom from './boom.ts';
import closeWait from './close-wait.ts';
import cloudAllowance from './cloud-allowance.ts';
import crashLoop from './crash-loop.ts';
import deadBackend from './dead-backend.ts';
import deplete from './deplete.ts';
import dnsRace from './dns-race.ts';
import dnsRestart from './dns-restart.ts';
import dnsStorm from './dns-storm.ts';
import earlyDrop from './early-drop.ts';
import earlySyn from './early-syn.ts';
import forgedSource from './forged-source.ts';
import ghostConnections from './ghost-connections.ts';
import halfTracked from './half-tracked.ts';
import hashCollisions from './hash-collisions.ts';
import halfClosed from './half-closed.ts';
import hostportSyslog from './hostport-syslog.ts';
import idleConnections from './idle-connections.ts';
import kubeProxyRevert from './kube-proxy-revert.ts';
import kubeProxyVersions from './kube-proxy-versions.ts';
import liberalFin from './liberal-fin.ts';
import meshRedirect from './mesh-redirect.ts';
import missedCleanup from './missed-cleanup.ts';
import noisyNeighbour from './noisy-neighbour.ts';
import portExhaustion from './port-exhaustion.ts';
import proxyChurn from './proxy-churn.ts';
import quicMoved from './quic-moved.ts';
import reconnectStorm from './reconnect-storm.ts';
import requestFanout from './request-fanout.ts';
import resetsOnTheNode from './resets-on-the-node.ts';
import rpFilter from './rp-filter.ts';
import saturateK6 from './saturate-k6.ts';
import saturate from './saturate.ts';
import snatRace from './snat-race.ts';
import staleHeadlessDns from './stale-headless-dns.ts';
import synSentReuse from './syn-sent-reuse.ts';
import tenantQuota from './tenant-quota.ts';
import timeWait from './time-wait.ts';
import udpCleanupStorm from './udp-cleanup-storm.ts';
import udpNoEndpoints from './udp-no-endpoints.ts';

/** Every scenario shipped with tablefull. */
export const SCENARIOS: readonly Scenario[] = [
  saturate,
  boom,
  crashLoop,
  dnsStorm,
  deplete,
  noisyNeighbour,
  reconnectStorm,
  requestFanout,
  timeWait,
  closeWait,
  earlyDrop,
  hashCollisions,
  dnsRace,
  ghostConnections,
  staleHeadlessDns,
  rpFilter,
  portExhaustion,
  kubeProxyRevert,
  kubeProxyVersions,
  proxyChurn,
  saturateK6,
  udpCleanupStorm,
  cloudAllowance,
  idleConnections,
  halfClosed,
  halfTracked,
  liberalFin,
  forgedSource,
  earlySyn,
  hostportSyslog,
  resetsOnTheNode,
  meshRedirect,
  tenantQuota,
  udpNoEndpoints,
  missedCleanup,
  dnsRestart,
  quicMoved,
  deadBackend,
  synSentReuse,
  asymmetricInvalid,
  snatRace,
];
