/** kind's default range of pod addresses. */
export const POD_NETWORK = '10.244.0.0/16';
