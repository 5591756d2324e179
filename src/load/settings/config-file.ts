import { parse } from 'yaml';
import { z } from 'zod';
import { conntrackSchema, type ConntrackConfig } from '../../change/kube-proxy-settings.ts';
import { readIfThere } from '../../util/read-if-there.ts';
import { parsedFile } from '../../util/read-json.ts';
import { explain } from '../../util/error-text.ts';

/** A KubeProxyConfiguration; all but this section is the lab’s. */
const fileSchema = z.looseObject({ conntrack: conntrackSchema.prefault({}) });

/**
 * The section `conntrack` of a KubeProxyConfiguration.
 *
 * @returns undefined where there is no such file
 * @throws Error in one line with file, place and problem
 */
export function conntrackIn(file: string): ConntrackConfig | undefined {
  const text = readIfThere(file);
  return text === undefined ? undefined : parsedFile(file, fileSchema, yamlIn(text, file)).conntrack;
}

function yamlIn(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${file}: ${explain(error).split('\n')[0] ?? ''}`, { cause: error });
  }
}
