import { z } from 'zod';
import { duration } from '../../util/bounds.ts';
import { defineChange } from '../define.ts';
import { settingsChange } from '../settings-change.ts';
import { LAB_SETTINGS } from '../target.ts';

export const recordTtl = defineChange({
  kind: 'record-ttl',
  doc: 'Changes the TTL of the cluster DNS’s answers: `ttl` of CoreDNS’s kubernetes plugin.',
  fields: {
    seconds: duration(
      z.number().int().nonnegative(),
      'seconds',
      'How long an answer may be cached; 0: not at all.',
    ),
  },
  nodes: (_, { ofDns }) => ofDns,
  api: 'made',
  apply: ({ seconds }, { settings }) => settingsChange(settings, LAB_SETTINGS.dns, { ttl: seconds }),
});
