/** Interfaces come and go with pods; their settings are no node's. */
const OF_INTERFACE = /^net\.ipv[46]\.(conf|neigh)\.(?!all\.|default\.)/;
/** Writing these does something, or their values change by themselves. */
const NO_SETTING =
  /\.(flush|stable_secret|tcp_fastopen_key|nf_conntrack_count|tcp_child_ehash_entries)$|^net\.netfilter\.nf_log\./;

/** Whether a sysctl is a setting of a node's own network, which a manifest may change. */
export function isNodeSetting(name: string): boolean {
  return name.startsWith('net.') && !OF_INTERFACE.test(name) && !NO_SETTING.test(name);
}
