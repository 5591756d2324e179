import { describe, expect, it } from 'vitest';
import { nginxConf, type NginxOptions } from '../../../src/server/nginx.ts';

const OPTIONS = {
  name: 'nginx-0',
  ip: '10.244.0.2',
  port: 8088,
  upstream: { ip: '10.96.1.2', port: 80 },
} as NginxOptions;

describe('the configuration of nginx', () => {
  it('asks on a connection of its own each time, as nginx did before 1.30 unless it was told', () => {
    const text = nginxConf(OPTIONS, 0);
    expect(text).toContain('listen 10.244.0.2:8088 ');
    expect(text).toContain('server 10.96.1.2:80;');
    expect(text).toMatch(/proxy_http_version 1\.0;\s+proxy_set_header Connection close;/);
    expect(text).not.toMatch(/keepalive \d/);
  });

  it('keeps connections by three lines, none of which does it alone', () => {
    expect(nginxConf(OPTIONS, 32)).toMatch(
      /keepalive 32;[^]*proxy_http_version 1\.1;\s+proxy_set_header Connection "";/,
    );
  });

  it('writes nothing outside its folder', () => {
    const paths = [...nginxConf(OPTIONS, 0).matchAll(/(?:pid|_path) (\S+);/g)].map(([, path]) => path);
    expect(paths).toHaveLength(6);
    expect(paths.filter((path) => path?.startsWith('/run/nginx/') !== true)).toEqual([]);
  });
});
