import { describe, expect, it } from 'vitest';
import { pluginLine, pluginOf, serversIn, withOptions } from '../../../src/manifest/corefile-text.ts';

const TEXT = `# of an administrator
import snippets
example.com:53 {
    cache 30
    forward . 192.0.2.1
}
.:53 {
    # answers  for the cluster
    kubernetes  cluster.local {
       ttl 30   # s
       nested a {
          b
       }
    }
    cache 30
}
`;
const lines = (text: string): readonly string[] =>
  serversIn(text).flatMap(({ name, plugins }) => [name, ...plugins.map((each) => `  ${pluginLine(each)}`)]);

describe('a Corefile', () => {
  it('is its servers with their plug-ins, without comments and spare white space', () => {
    expect(lines(TEXT)).toEqual([
      'example.com:53',
      '  cache 30',
      '  forward . 192.0.2.1',
      '.:53',
      '  kubernetes cluster.local { ttl 30; nested a {; b; } }',
      '  cache 30',
    ]);
  });

  it('is the same everywhere else where a plug-in gets options', () => {
    const [, cluster] = serversIn(TEXT);
    const cache = cluster && pluginOf(cluster, 'cache');
    if (cache === undefined) throw new Error();
    const block = '    cache 30 {\n       denial 9984 5\n    }\n}\n';
    const changed = withOptions(TEXT, cache, ['denial 9984 5']);
    expect(changed).toBe(TEXT.replace(/ {4}cache 30\n}\n$/, block));
    expect(lines(changed).at(-1)).toBe('  cache 30 { denial 9984 5 }');
  });

  it('keeps a plug-in as it is where its options are the same', () => {
    const text = '.:53 {\n    health {\n       lameduck 5s\n    }\n}\n';
    const [server] = serversIn(text);
    const health = server && pluginOf(server, 'health');
    if (health === undefined) throw new Error();
    expect(withOptions(text, health, health.options)).toBe(text);
  });
});
