/**
 * nginx as a relying party (`ssl_ocsp`), and as a server that staples (`ssl_stapling`) for a curl
 * that requires it.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNginx } from '../../support/servers/nginx.js';
import { judge, openssl } from '../../support/service/judges.js';
import { oneLine, type Path, type Verdicts } from '../paths/judge.js';
import { judgeClients, type KeyOf, placed, placedKey } from '../paths/nginx-clients.js';

/** What nginx says of these client certificates, for which it asks the responder. */
export function judgeClientsByOcsp(paths: readonly Path[], keyOf: KeyOf, responder: string): Promise<Verdicts> {
  return judgeClients(paths, keyOf, () => ['ssl_ocsp leaf;', `ssl_ocsp_responder ${responder};`]);
}

const STAPLE_MS_MAX = 60_000;

/**
 * What `curl --cert-status` says of a server that staples; null: it accepts. `source` is where
 * nginx gets the response.
 */
export async function judgeStapled(path: Path, keyOf: KeyOf, source: string): Promise<string | null> {
  const nginx = await startNginx((folder) => {
    const authorities = [path.issuer.certificate, path.root.certificate];
    return [
      `ssl_certificate ${placed(folder, 'server.pem', [path.leaf, path.issuer.certificate])};`,
      `ssl_certificate_key ${placedKey(folder, keyOf(path))};`,
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
