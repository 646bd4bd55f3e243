import type { AccessAuthority } from '../../access/break-glass.js';
import { present } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { FINAL_REASONS } from '../../lifecycle/certificate-states.js';
import type { CertificateEnd, CertificateMetrics } from '../../observe/certificate-metrics.js';
import { type OcspAuthority, respondersOf } from '../../ocsp/responder.js';
import type { CmpSigners } from '../../operations/cmp/cmp-signers.js';
import type { Issuers } from '../../operations/world.js';
import { issuerIdOf } from '../../policy/ids.js';
import type { Policy } from '../../policy/model.js';
import type { DailyCount } from '../../ports/store/counts/daily-counts.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';

/**
 * The certificates that this installation itself uses. The certificates of accounts and of TLS are
 * reported where they are read.
 */
type UsedCertificates = {
  readonly issuers: Pick<Issuers, 'all'>;
  readonly access: readonly Pick<AccessAuthority, 'id' | 'certificate'>[];
  readonly responders: readonly OcspAuthority[];
  readonly cmpSigners: CmpSigners;
  readonly policy: Pick<Policy, 'authorities'>;
};

/** Sets the metric of the ends of the certificates of CAs, responders and CMP signers. */
export function reportCertificateEnds(
  { issuers, access, responders, cmpSigners, policy }: UsedCertificates,
  { setCertificateEnds }: Pick<CertificateMetrics, 'setCertificateEnds'>,
): void {
  setCertificateEnds(
    'ca',
    [...issuers.all(), ...access].map(({ id, certificate }) => certificateEnd(id, certificate)),
  );
  setCertificateEnds(
    'responder',
    responders.flatMap((authority) =>
      respondersOf(authority).map(({ certificate }) => certificateEnd(authority.issuer.id, certificate)),
    ),
  );
  setCertificateEnds(
    'cmp-signer',
    [...policy.authorities.keys()].flatMap((authority) => {
      const signer = cmpSigners.of(authority);
      return signer === null ? [] : [certificateEnd(authority, signer.certificate)];
    }),
  );
}

/** Returns the end of a certificate, DER, which was read without a fault before. */
function certificateEnd(name: string, certificate: Bytes): CertificateEnd {
  const read = readCertificate(certificate);
  const { tbs } = present(read.ok ? read.value : null, `the certificate of ${name}`);
  return { name, serial: tbs.serial, notAfter: tbs.notAfter.at };
}

/**
 * Returns a function that counts what was issued and revoked. First sets the counters of current
 * issuers to 0, because Prometheus does not see the increase if a counter appears with another
 * value.
 */
export function countCertificates(
  { authorities, profiles }: Pick<Policy, 'authorities' | 'profiles'>,
  { certificatesIssued, certificatesRevoked }: Pick<CertificateMetrics, 'certificatesIssued' | 'certificatesRevoked'>,
): (counts: readonly DailyCount[]) => void {
  for (const { id, kind, currentGeneration } of authorities.values()) {
    if (kind !== 'issuing') continue;
    const issuer = issuerIdOf(id, currentGeneration);
    for (const reason of FINAL_REASONS) certificatesRevoked.inc({ issuer, reason }, 0);
    for (const [profile, { authority }] of profiles)
      if (authority === id) certificatesIssued.inc({ issuer, profile }, 0);
  }
  return (counts) => {
    for (const { issuer, profile, kind, count } of counts)
      if (kind === 'issued') certificatesIssued.inc({ issuer, profile }, count);
      else certificatesRevoked.inc({ issuer, reason: kind }, count);
  };
}
