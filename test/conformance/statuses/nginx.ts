/**
 * nginx as a relying party: it accepts clients by their certificates, unless its CRL (`ssl_crl`)
 * lists them.
 */
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNginx } from '../../support/servers/nginx.js';
import { judge, openssl } from '../../support/service/judges.js';
import { type Lists, oneLine, type Path, type Verdicts, verdictsOf } from '../paths/judge.js';

/** Every path of one issuer. `keyOf` gives the PEM file of a path's key. */
export async function judgeByNginx(
  paths: readonly Path[],
  lists: Lists,
  keyOf: (path: Path) => string,
): Promise<Verdicts> {
  const [first] = paths;
  assert.ok(first);
  const authorities = [first.issuer, first.root];
  const own = join(first.leaf, '..', 'nginx-server');
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
    const joined = (name: string, files: readonly string[]): string => {
      writeFileSync(join(folder, name), files.map((file) => readFileSync(file, 'utf8')).join(''));
      return join(folder, name);
    };
    copyFileSync(`${own}.key`, join(folder, 'server.key'));
    chmodSync(join(folder, 'server.key'), 0o600);
    return [
      `ssl_certificate ${joined('server.pem', [`${own}.pem`])};`,
      `ssl_certificate_key ${join(folder, 'server.key')};`,
      `ssl_client_certificate ${joined(
        'authorities.pem',
        authorities.map(({ certificate }) => certificate),
      )};`,
      `ssl_crl ${joined(
        'lists.pem',
        authorities.map((one) => lists.of(one)),
      )};`,
      'ssl_verify_client on;',
      'ssl_verify_depth 2;',
      'ssl_session_cache off;',
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
