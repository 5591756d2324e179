/** Conntrack marks of entries that a lab makes: what may be deleted, and what stays. */
export const DEMAND_MARK = 0x7ab0;
/** Of canaries' connections, which outlive a clearing of the table. */
export const KEEP_MARK = 0x7ab1;
/** What DEMAND_MARK and KEEP_MARK have in common, as a mask. */
export const EITHER_MARK = ~(DEMAND_MARK ^ KEEP_MARK) >>> 0;
export const BALLAST_MARK = 0x7ab2;
