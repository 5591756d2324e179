import { ALERT_CLAIMS } from './alerts.ts';
import type { Claim } from './claim.ts';
import { CLIENT_CLAIMS } from './clients.ts';
import { CURE_CLAIMS } from './cures.ts';
import { GROWTH_CLAIMS } from './growth.ts';
import { REPORT_CLAIMS } from './reports.ts';
import { SYMPTOM_CLAIMS } from './symptoms.ts';

/** All claims of the sources, in the order of the document. */
export const CLAIMS: readonly { readonly heading: string; readonly claims: readonly Claim[] }[] = [
  { heading: 'Symptoms', claims: [...SYMPTOM_CLAIMS, ...GROWTH_CLAIMS] },
  { heading: 'Cures', claims: [...CURE_CLAIMS, ...CLIENT_CLAIMS] },
  { heading: 'Alerts and dashboards', claims: ALERT_CLAIMS },
  { heading: 'From reports', claims: REPORT_CLAIMS },
];
