/**
 * nginx in front of a service of a test, with the files of ops/nginx as they are; only addresses
 * and paths are those of the test.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { freePorts } from '../machine/ports.js';
import { trustOf } from '../service/client.js';
import { configure, PACKAGE_ROOT, type ServiceHome } from '../service/home.js';
import type { Service } from '../service/service.js';
import { type Nginx, runNginx } from './nginx.js';

/** Started by root, nginx is another user, in a group of its own. */
const IS_ROOT = process.getuid?.() === 0;
const NGINX_GROUP = 'nogroup';

export const HAS_IPV6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');

export type ProxySocket = { readonly path: string; readonly remove: () => void };

/** Gives the service of this home a socket for nginx. Must be called before it starts. */
export function configureProxy(at: ServiceHome): ProxySocket {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-front-'));
  chmodSync(folder, 0o711);
  const path = join(folder, 'proxy', 'proxy.sock');
  const { listen } = JSON.parse(readFileSync(at.configFile, 'utf8')) as { readonly listen: object };
  const proxy = { socket: path, ...(IS_ROOT ? { group: NGINX_GROUP } : {}) };
  // As systemd-tmpfiles makes it.
  if (IS_ROOT) {
    const made = spawnSync('install', ['-d', '-m', '2710', '-g', NGINX_GROUP, dirname(path)]);
    assert.equal(made.status, 0, String(made.stderr));
  }
  configure(at, { listen: { ...listen, proxy } });
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}

export type FrontNginx = Nginx & {
  /** The service at the addresses of nginx, for clients of tests. */
  readonly service: Pick<Service, 'at' | 'urls'>;
};

export async function startFrontNginx({ at, urls }: Service, socket: ProxySocket): Promise<FrontNginx> {
  const [tls = 0, plain = 0] = await freePorts(2);
  const credentials = join(at.home, 'credentials');
  const here: readonly (readonly [string, string])[] = [
    ['  listen [::]:443 ssl;\n', HAS_IPV6 ? `  listen [::1]:${tls} ssl;\n` : ''],
    ['  listen [::]:80 default_server;\n', ''],
    ['listen 443 ssl;', `listen 127.0.0.1:${tls} ssl;`],
    ['listen 80 default_server;', `listen 127.0.0.1:${plain};`],
    ['unix:/run/pfcng-proxy/proxy.sock', `unix:${socket.path}`],
    ['127.0.0.1:8080', `127.0.0.1:${at.ports.publication}`],
    ['/etc/pfcng/tls/server.', `${credentials}/server.`],
    ['/etc/nginx/pfcng-headers.conf', join(PACKAGE_ROOT, 'ops/nginx/pfcng-headers.conf')],
  ];
  const read = (name: string): string => readFileSync(join(PACKAGE_ROOT, 'ops/nginx', name), 'utf8');
  const http = (folder: string): readonly string[] => {
    let text = read('pfcng.conf');
    const places: typeof here = [
      ...here,
      ['/etc/pfcng/tls/client-cas.pem', join(folder, 'client-cas.pem')],
      ['/var/log/nginx/pfcng.log', join(folder, 'log')],
    ];
    for (const [from, to] of places) {
      assert.ok(text.includes(from), `ops/nginx/pfcng.conf has no ${from}`);
      text = text.replaceAll(from, to);
    }
    writeFileSync(join(folder, 'client-cas.pem'), authorities);
    return [read('pfcng-client-cert.conf'), text];
  };
  const authorities = await pemOfAuthorities(urls.publication);
  const nginx = await runNginx(tls, http, IS_ROOT ? [`user nobody ${NGINX_GROUP};`] : []);
  const front = { api: `https://127.0.0.1:${tls}`, cmp: `http://127.0.0.1:${plain}` };
  return {
    ...nginx,
    service: {
      at: { ...at, ports: { ...at.ports, api: tls, cmp: plain, publication: plain } },
      urls: { ...urls, ...front, publication: front.cmp },
    },
  };
}

async function pemOfAuthorities(publication: string): Promise<string> {
  const pems = ['ACI-FO-PP', 'ACI-EL-ORG'].map(async (name) => {
    const answer = await fetch(`${publication}/AC/${name}.cer`);
    const base64 = Buffer.from(await answer.arrayBuffer()).toString('base64');
    return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;
  });
  return (await Promise.all(pems)).join('');
}

/** A message of CMP of which nothing but the head comes, from an address of this machine. */
export function beginMessage(
  { service: { at, urls } }: FrontNginx,
  localAddress: string,
  isTls: boolean,
): { readonly socket: Socket; readonly answer: () => string } {
  const place = { host: '127.0.0.1', port: Number(new URL(isTls ? urls.api : urls.cmp).port), localAddress };
  const socket = isTls ? connectTls({ ...place, ca: trustOf(at), servername: 'localhost' }) : connect(place);
  let answer = '';
  socket
    .on('error', () => undefined)
    .on('data', (octets: Buffer) => {
      answer += octets.toString('latin1');
    });
  socket.write('POST /.well-known/cmp HTTP/1.1\r\nHost: x\r\nContent-Type: application/pkixcmp\r\n');
  socket.write('Content-Length: 10\r\n\r\n');
  return { socket, answer: () => answer };
}
