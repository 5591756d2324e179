/** Conntrack marks of a lab's entries, which tell what may be deleted. */
export const DEMAND_MARK = 0x7ab0;
/** The canaries' connections, which outlive a clearing of the table. */
export const KEEP_MARK = 0x7ab1;
/** Mask of the bits that DEMAND_MARK and KEEP_MARK share. */
export const EITHER_MARK = ~(DEMAND_MARK ^ KEEP_MARK) >>> 0;
export const BALLAST_MARK = 0x7ab2;
/** Of every entry of a pod's own table. */
export const UNMARKED = 0;
