/** CMS that OpenSSL signs with the key of a card. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openssl } from '../../unit/asn1/openssl.js';
import type { CertifiedKey } from './service-card.js';
import { canonicalText, octetsOf } from './statements.js';

/** The key and the certificate in files, until `remove`. `asSigner`: options of `openssl cms`. */
export function filesOf({ key, issued }: CertifiedKey) {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-by-holder-'));
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  writeFileSync(keyFile, key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(certificateFile, issued.certificate);
  return {
    asSigner: ['-signer', certificateFile, '-inkey', keyFile],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Base64 of the DER, with the signed octets of a statement inside. */
export function cmsOf(one: CertifiedKey, statement: object, ...options: readonly string[]): string {
  const { asSigner, remove } = filesOf(one);
  const form = ['-binary', '-nodetach', '-outform', 'DER'];
  const made = openssl(['cms', '-sign', ...form, ...asSigner, ...options], octetsOf(canonicalText(statement)));
  remove();
  return made.toString('base64');
}
