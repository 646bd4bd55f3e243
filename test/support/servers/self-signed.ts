/** Self-signed certificates for the servers of tests, made by OpenSSL. */
import { openssl } from '../service/judges.js';

/** Makes a P-256 key and its certificate in PEM. `options` are those of `openssl req`. */
export async function makeSelfSigned(
  { key, certificate, subject }: { readonly key: string; readonly certificate: string; readonly subject: string },
  ...options: readonly string[]
): Promise<void> {
  const keyType = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const files = ['-keyout', key, '-out', certificate];
  const made = await openssl('req', '-x509', ...keyType, '-subj', subject, ...files, ...options);
  if (made.status !== 0) throw new Error(made.output);
}
