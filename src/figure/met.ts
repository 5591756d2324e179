/** Up to this share of failures the demand is met. */
export const MET = 0.02;
