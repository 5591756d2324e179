import { z } from 'zod';
import { duration } from '../../util/bounds.ts';
import { defineChange } from '../define.ts';
import { settingsChange } from '../settings-change.ts';
import { LAB_SETTINGS } from '../target.ts';

export const recordTtl = defineChange({
  kind: 'record-ttl',
  doc: 'Changes how long an answer of the cluster’s DNS may be kept: the `ttl` of CoreDNS’ kubernetes plugin.',
  fields: {
    seconds: duration(
      z.number().int().nonnegative(),
      'seconds',
      'How long an answer may be kept; 0: not at all.',
    ),
  },
  nodes: (_, { ofDns }) => ofDns,
  api: 'made',
  apply: (change, { own, settings }) =>
    own.corefile?.(change) ?? settingsChange(settings, LAB_SETTINGS.dns, { ttl: change.seconds }),
});
