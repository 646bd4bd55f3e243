/**
 * nginx as a relying party (`ssl_ocsp`), and as a server that staples (`ssl_stapling`) for a curl
 * that requires it.
 */
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNginx } from '../../support/servers/nginx.js';
import { judge, openssl } from '../../support/service/judges.js';
import { oneLine, type Path, type Verdicts, verdictsOf } from '../paths/judge.js';

export type KeyOf = (path: Path) => string;

/** Copies files to where nginx's workers can read them. */
function placed(folder: string, name: string, files: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, files.map((file) => readFileSync(file, 'utf8')).join(''));
  return path;
}

/**
 * Connects with each of these client certificates, one after the other, and returns which ones
 * nginx accepts.
 */
export async function judgeClients(paths: readonly Path[], keyOf: KeyOf, responder: string): Promise<Verdicts> {
  const [first] = paths;
  assert.ok(first);
  const own = join(first.leaf, '..', 'nginx-ocsp');
  const made = await openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-keyout',
    `${own}.key`,
    '-out',
    `${own}.pem`,
  );
  assert.equal(made.status, 0, made.output);
  const nginx = await startNginx((folder) => {
    copyFileSync(`${own}.key`, join(folder, 'server.key'));
    chmodSync(join(folder, 'server.key'), 0o600);
    const authorities = [first.issuer.certificate, first.root.certificate];
    return [
      `ssl_certificate ${placed(folder, 'server.pem', [`${own}.pem`])};`,
      `ssl_certificate_key ${join(folder, 'server.key')};`,
      `ssl_client_certificate ${placed(folder, 'authorities.pem', authorities)};`,
      'ssl_verify_client on;',
      'ssl_verify_depth 2;',
      'ssl_session_cache off;',
      'ssl_ocsp leaf;',
      `ssl_ocsp_responder ${responder};`,
      'error_page 495 =200 @said;',
      'location / { return 200 "$ssl_client_verify\\n"; }',
      'location @said { return 200 "$ssl_client_verify\\n"; }',
    ];
  }, true);
  try {
    return await verdictsOf(paths, async (path) => {
      const args = ['--silent', '--show-error', '--insecure', '--cert', path.leaf, '--key', keyOf(path)];
      const { output } = await judge('curl', [...args, `https://127.0.0.1:${nginx.port}/`]);
      return output === 'SUCCESS\n' ? null : oneLine(output);
    });
  } finally {
    await nginx.stop();
  }
}

const STAPLE_MS_MAX = 60_000;

/**
 * What `curl --cert-status` says of a server that staples; null: it accepts. `source` is where
 * nginx gets the response.
 */
export async function judgeStapled(path: Path, keyOf: KeyOf, source: string): Promise<string | null> {
  const nginx = await startNginx((folder) => {
    copyFileSync(keyOf(path), join(folder, 'server.key'));
    chmodSync(join(folder, 'server.key'), 0o600);
    const authorities = [path.issuer.certificate, path.root.certificate];
    return [
      `ssl_certificate ${placed(folder, 'server.pem', [path.leaf, path.issuer.certificate])};`,
      `ssl_certificate_key ${join(folder, 'server.key')};`,
      `ssl_trusted_certificate ${placed(folder, 'authorities.pem', authorities)};`,
      'ssl_stapling on;',
      'ssl_stapling_verify on;',
      source,
      'location / { return 200 "stapled\\n"; }',
    ];
  }, true);
  try {
    const until = performance.now() + STAPLE_MS_MAX;
    const names = await openssl('x509', '-in', path.leaf, '-noout', '-ext', 'subjectAltName');
    const host = /DNS:([^,\s]+)/.exec(names.output)?.[1] ?? assert.fail(names.output);
    for (;;) {
      const where = ['--connect-to', `${host}:443:127.0.0.1:${nginx.port}`, '--cacert', path.root.certificate];
      const args = ['--silent', '--show-error', '--cert-status', ...where, `https://${host}/`];
      const { status, output } = await judge('curl', args);
      if (status === 0) return output === 'stapled\n' ? null : oneLine(output);
      if (!output.includes('No OCSP response received') || performance.now() > until) return oneLine(output);
      await sleep(50);
    }
  } finally {
    await nginx.stop();
  }
}
