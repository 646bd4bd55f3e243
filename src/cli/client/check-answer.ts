/** Checks what EST answered, before it replaces a certificate that works. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';

type RenewalAnswer = {
  /** The certificates of the answer. */
  readonly certificates: readonly X509Certificate[];
  readonly old: X509Certificate;
  readonly newKey: KeyObject;
};

/** The certificate of the answer for this key. The error says what is wrong with it. */
export function checkRenewed({ certificates, old, newKey }: RenewalAnswer): Result<X509Certificate, Bilingual> {
  const renewed = certificates.find((one) => one.checkPrivateKey(newKey));
  if (renewed === undefined)
    return err({ fr: "aucun certificat n'est de la nouvelle clé", en: 'no certificate is for the new key' });
  if (renewed.subject !== old.subject || renewed.subjectAltName !== old.subjectAltName)
    return err({ fr: 'il est pour un autre titulaire', en: 'it is for another holder' });
  if (endOf(renewed) <= endOf(old))
    return err({ fr: "il ne finit pas après l'ancien", en: 'it does not end later than the old one' });
  return ok(renewed);
}

/** No certificate of this platform has more CA certificates up to its root. */
const DEPTH_MAX = 6;

type Issuers = {
  readonly trusted: readonly X509Certificate[];
  /** CA certificates that may be in between. */
  readonly others: readonly X509Certificate[];
  readonly now: Instant;
};

/** The certificate and those between it and a trusted one, which is left out; null: no path. */
export function pathTo(
  certificate: X509Certificate,
  { trusted, others, now }: Issuers,
  depth = 0,
): readonly X509Certificate[] | null {
  if (depth > DEPTH_MAX) return null;
  if (trusted.some((issuer) => isIssuer(issuer, certificate, now))) return [certificate];
  for (const issuer of others.filter((one) => isIssuer(one, certificate, now))) {
    const rest = pathTo(issuer, { trusted, others: others.filter((one) => one !== issuer), now }, depth + 1);
    if (rest !== null) return [certificate, ...rest];
  }
  return null;
}

function isIssuer(issuer: X509Certificate, certificate: X509Certificate, now: Instant): boolean {
  if (!issuer.ca || startOf(issuer) > now || endOf(issuer) <= now) return false;
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

export function startOf({ validFrom }: X509Certificate): Instant {
  return Date.parse(validFrom);
}

export function endOf({ validTo }: X509Certificate): Instant {
  return Date.parse(validTo);
}
