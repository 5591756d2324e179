import type { Claim } from './claim.ts';

/** Claims about clients, DNS and services. */
export const CLIENT_CLAIMS: readonly Claim[] = [
  {
    ids: ['1f'],
    title: 'a trailing dot saves the search',
    says: 'A name with a trailing dot is looked up as it is.',
    parts: [
      {
        cell: 'dns-storm × trailing-dot',
        is: 'postponed',
        where: ['queries.perLookup.two-dots <= 2'],
        show: ['lookups.failed.rate'],
        otherwise: 'It still took {queries.perLookup.two-dots} queries.',
      },
    ],
  },
  {
    ids: ['1g'],
    title: 'ndots:2 saves the search',
    says: 'With ndots:2 external names are looked up as they are, google.com among them.',
    parts: [
      {
        cell: 'dns-storm × ndots-2',
        is: 'postponed',
        where: ['queries.perLookup.two-dots <= 2'],
        otherwise: 'A name with two dots still took {queries.perLookup.two-dots} queries.',
      },
      {
        cell: 'dns-storm name=one-dot × ndots-2',
        is: 'postponed',
        show: ['queries.perLookup.one-dot'],
        otherwise: 'A name with one dot is searched for as before: {queries.perLookup.one-dot} queries.',
      },
    ],
  },
  {
    ids: ['1h'],
    title: 'single-request-reopen ends the race',
    says: 'The resolver option single-request-reopen fixes lost DNS answers.',
    parts: [
      {
        cell: 'dns-race show=race × single-request-reopen',
        is: 'cured',
        otherwise: 'The two queries race as before.',
      },
      {
        cell: 'dns-storm × single-request-reopen',
        is: 'cured',
        show: ['lookups.failed.rate', 'confirm.lookups.failed.rate'],
        otherwise: 'In a full table it is the other way: it takes a socket, and so an entry, a query.',
      },
    ],
  },
  {
    ids: ['1i'],
    title: 'use-vc: DNS over TCP',
    says: 'The resolver option use-vc fixes DNS by asking over TCP.',
    parts: [
      {
        cell: 'dns-storm × use-vc',
        is: 'cured',
        show: ['lookups.failed.rate', 'confirm.lookups.failed.rate'],
        otherwise:
          'No datagram is lost, but each connection’s entry stays for 120 s: a full table gains nothing.',
      },
    ],
  },
  {
    ids: ['1j', '4i'],
    title: 'NodeLocal DNSCache keeps DNS out of the table',
    says: 'With NodeLocal DNSCache DNS makes no entries.',
    parts: [
      {
        cell: 'dns-storm × node-local-dns',
        is: 'cured',
        show: ['lookups.failed.rate', 'confirm.lookups.failed.rate'],
        otherwise: 'It does not keep {lookups.failed} lookups from failing.',
      },
      {
        cell: 'dns-storm × node-local-dns-tracked',
        is: 'cured',
        show: ['lookups.failed.rate', 'confirm.lookups.failed.rate'],
        otherwise: 'The same cache without its NOTRACK rules changes nothing.',
      },
    ],
  },
  {
    ids: ['1k', '4j'],
    title: 'a DaemonSet sets the sysctls',
    says: 'A privileged DaemonSet sets the maximum on every node.',
    parts: [
      {
        cell: 'saturate × sysctl-daemonset',
        lab: 'kind',
        is: 'cured',
        show: ['requests.answered', 'limit'],
        otherwise:
          'In a node that is a container the write fails with “Invalid argument”, the init container ends with 0 all the same, and the limit is {limit} as before.',
      },
    ],
    note: 'On a node that is a machine the write takes effect, until kube-proxy starts the next time (claim 1c). The timeouts that it writes take effect in a container too.',
  },
  {
    ids: ['4k'],
    title: 'headless services need no conntrack',
    says: 'A headless service has no virtual address, so its traffic makes no entries.',
    parts: [
      {
        cell: 'saturate × headless',
        is: 'cured',
        show: ['requests.failed.rate', 'confirm.requests.failed.rate'],
        otherwise: 'The node tracks connections between pods whether it translates them or not.',
      },
    ],
  },
  {
    ids: ['4l'],
    title: 'kept connections reduce the churn',
    says: 'Connections that are kept alive and reused save entries.',
    parts: [
      {
        cell: 'saturate × keepalive',
        is: 'cured',
        show: ['steady', 'confirm.requests.failed.rate'],
        otherwise: '{requests.failed} requests failed all the same.',
      },
    ],
  },
  {
    ids: ['4q'],
    title: 'connection pools',
    says: 'Applications that pool their connections save entries.',
    parts: [
      {
        cell: 'request-fanout × connection-pools',
        is: 'cured',
        show: ['entries.perOffered', 'confirm.requests.failed.rate'],
        otherwise: '{requests.failed} requests failed all the same.',
      },
    ],
  },
  {
    ids: ['4m'],
    title: 'the whole list of timeouts',
    says: 'A list of ten shorter timeouts is the production setting.',
    parts: [
      {
        cell: 'time-wait table=real × timeout-time-wait',
        is: 'cured',
        show: ['flows.failed.rate', 'confirm.flows.failed.rate'],
        otherwise: 'Even TIME_WAIT’s own makes no difference.',
      },
      {
        cell: 'time-wait table=real × timeout-fin-wait',
        is: 'cured',
        show: ['flows.failed.rate', 'confirm.flows.failed.rate'],
        otherwise: 'Of connections that close, one of the ten matters: TIME_WAIT’s.',
      },
    ],
  },
  {
    ids: ['4n'],
    title: 'CoreDNS: prefer_udp to use TCP',
    says: 'CoreDNS’ forward option prefer_udp makes it ask over TCP.',
    parts: [
      {
        cell: 'dns-storm × coredns-forward',
        lab: 'kind',
        where: ['outside.tcp > 0', 'outside.udp == 0'],
        otherwise:
          'It asked {outside.udp} times over UDP and {outside.tcp} times over TCP: the option does what its name says.',
      },
    ],
    note: 'Asked over TCP it asks on over TCP without the option, and over UDP with it (`dns-storm --param over=tcp`).',
  },
  {
    ids: ['4o'],
    title: 'a longer sync period limits clean-up storms',
    says: 'kube-proxy’s --iptables-min-sync-period limits how often the table is scanned.',
    parts: [
      {
        cell: 'udp-cleanup-storm × min-sync-period',
        lab: 'kind',
        is: 'reduced',
        show: ['kubeproxy.scans', 'updates.offered', 'updates.outcome[(late)]'],
        otherwise: 'It scanned {kubeproxy.scans} times all the same.',
      },
    ],
    note: 'What is put together takes effect late: a UDP client is sent to a pod that is gone for as long.',
  },
  {
    ids: ['4p'],
    title: 'a newer kube-proxy',
    says: 'kube-proxy with the changes 130032 and 130484 no longer scans the table for each update.',
    parts: [
      {
        cell: 'udp-cleanup-storm × symptom',
        lab: 'kind',
        is: 'not-reproduced',
        show: ['kubeproxy.scans', 'kubeproxy.cpu'],
        otherwise:
          'A kube-proxy that has both scanned the table {kubeproxy.scans} times for {updates.offered} updates, in {kubeproxy.cpu} s of processor time.',
      },
    ],
    note: '1.32.2, which has neither, took 1.4 s of processor time an update where 1.34.4 took 1.3 to 1.5 s (`lab up kind --kube-proxy 1.32.2`): see the page of `udp-cleanup-storm`.',
  },
  {
    ids: ['2b'],
    title: 'raise the maximum in sysctl.conf',
    says: 'A larger nf_conntrack_max in sysctl.conf fixes it for good.',
    parts: [
      {
        cell: 'saturate × raise-max',
        is: 'cured',
        show: ['lasts', 'steady'],
        otherwise: 'It buys time: at this rate the table lasts {lasts} s.',
      },
      {
        cell: 'kube-proxy-revert × symptom',
        is: 'not-reproduced',
        show: ['settings.outcome[(reverted)]'],
        otherwise: 'It is gone when kube-proxy starts the next time.',
      },
    ],
  },
];
