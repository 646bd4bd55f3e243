/**
 * Metrics of certificates: how many were issued and revoked, and when the certificates that the
 * installation itself uses expire.
 */
import { Counter, Gauge, type Registry } from 'prom-client';
import { SECOND_MS } from '../kernel/duration.js';

/**
 * `ca`: a root, an issuing CA, or the CA of break-glass officers. `tls`: the server certificate of
 * the API or the console. `responder`: signs OCSP responses. `cmp-signer`: signs CMP answers.
 * `account`: a client of the API authenticates with it.
 */
export const CERTIFICATE_USES = ['ca', 'tls', 'responder', 'cmp-signer', 'account'] as const;
export type CertificateUse = (typeof CERTIFICATE_USES)[number];

/**
 * `name`: the id of the CA, the listener, the CA of the responder, the authority of the CMP signer,
 * or the account. `serial`: in hexadecimal. `notAfter`: milliseconds since 1970.
 */
export type CertificateEnd = { readonly name: string; readonly serial: string; readonly notAfter: number };

export type CertificateMetrics = ReturnType<typeof certificateMetrics>;

export function certificateMetrics(registers: Registry[]) {
  const notAfter = new Gauge({
    name: 'pfcng_certificate_not_after_timestamp_seconds',
    help:
      'Unix time of the notAfter of a certificate that the installation itself uses: ca, tls, responder, cmp-signer, ' +
      'or account.',
    labelNames: ['use', 'name', 'serial'],
    registers,
  });
  const shown = new Map<CertificateUse, readonly CertificateEnd[]>();
  return {
    certificatesIssued: new Counter({
      name: 'pfcng_certificates_issued_total',
      help: 'Certificates that were issued, as this process has counted them for all processes.',
      labelNames: ['issuer', 'profile'],
      registers,
    }),
    certificatesRevoked: new Counter({
      name: 'pfcng_certificates_revoked_total',
      help: 'Certificates that were revoked, by reason, as this process has counted them for all processes.',
      labelNames: ['issuer', 'reason'],
      registers,
    }),
    /** Replaces the certificates that the previous call has set for this use. */
    setCertificateEnds: (use: CertificateUse, ends: readonly CertificateEnd[]): void => {
      for (const { name, serial } of shown.get(use) ?? []) notAfter.remove({ use, name, serial });
      for (const { name, serial, notAfter: at } of ends) notAfter.set({ use, name, serial }, at / SECOND_MS);
      shown.set(use, ends);
    },
  } as const;
}
