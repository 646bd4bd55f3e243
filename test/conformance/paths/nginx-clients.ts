/** nginx as a relying party, which accepts or rejects the certificates of TLS clients. */
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNginx } from '../../support/servers/nginx.js';
import { makeSelfSigned } from '../../support/servers/self-signed.js';
import { judge } from '../../support/service/judges.js';
import { oneLine, type Path, type Verdicts, verdictsOf } from './judge.js';

/** The PEM file of the key of a path. */
export type KeyOf = (path: Path) => string;

/** Joins PEM files in a file that nginx's workers can read. */
export function placed(folder: string, name: string, files: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, files.map((file) => readFileSync(file, 'utf8')).join(''));
  return path;
}

/** Copies a key to where only the user who started nginx can read it. */
export function placedKey(folder: string, key: string): string {
  const path = join(folder, 'server.key');
  copyFileSync(key, path);
  chmodSync(path, 0o600);
  return path;
}

/**
 * Connects with each of these client certificates of one issuer, one after the other, and returns
 * which ones nginx accepts. `settings`: the lines with which it checks their revocation.
 */
export async function judgeClients(
  paths: readonly Path[],
  keyOf: KeyOf,
  settings: (folder: string, first: Path) => readonly string[],
): Promise<Verdicts> {
  const [first] = paths;
  assert.ok(first);
  const own = join(first.leaf, '..', 'nginx-server');
  const [key, certificate] = [`${own}.key`, `${own}.pem`];
  await makeSelfSigned({ key, certificate, subject: '/CN=localhost' });
  const nginx = await startNginx((folder) => {
    const authorities = [first.issuer.certificate, first.root.certificate];
    return [
      `ssl_certificate ${placed(folder, 'server.pem', [certificate])};`,
      `ssl_certificate_key ${placedKey(folder, key)};`,
      `ssl_client_certificate ${placed(folder, 'authorities.pem', authorities)};`,
      'ssl_verify_client on;',
      'ssl_verify_depth 2;',
      'ssl_session_cache off;',
      ...settings(folder, first),
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
