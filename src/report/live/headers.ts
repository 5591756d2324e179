/** Of every page that a server of ours gives out: its address has a token, and no browser keeps or passes it on. */
export const PAGE_HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;
