/** Extensions of a full list (RFC 5280 5.2): authorityKeyIdentifier and crlNumber, and nothing else while no more is served. */
import { contextTag, expectTag, explicit, parseDer } from '../asn1/der-reader.js';
import { OID } from '../asn1/oids.js';
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { readExtensions } from '../x509/extension-reader.js';
import { readAuthorityKeyIdentifier } from '../x509/extensions/authority-key-identifier.js';
import { readCrlNumber } from '../x509/extensions/crl-number.js';
import type { Extension } from '../x509/model.js';
import type { CrlFinding, CrlRule } from './crl-rules.js';

/** `whole` is the `[0]` of the list. */
export function readCrlExtensions(
  whole: Bytes,
  issuerKeyIdentifier: Bytes,
): Result<{ readonly number: number }, CrlFinding> {
  const parsed = parseDer(whole, (root) => {
    expectTag(root, contextTag(0, 'constructed'), 'crlExtensions');
    return readExtensions(explicit(root, 'crlExtensions'), 'crlExtensions');
  });
  if (!parsed.ok) return finding('e_crl_der_is_strict', parsed.error.rule);
  for (const extension of parsed.value) {
    const refused = refuseUnknown(extension);
    if (refused !== null) return finding(refused, extension.oid);
  }
  const byOid = new Map(parsed.value.map((extension) => [extension.oid, extension]));
  const identified = checkIssuerKey(byOid.get(OID.authorityKeyIdentifier), issuerKeyIdentifier);
  return identified ?? readNumber(byOid.get(OID.crlNumber));
}

function finding(rule: CrlRule, detail: string): Result<never, CrlFinding> {
  return err({ rule, detail });
}

function refuseUnknown({ oid, critical }: Extension): CrlRule | null {
  if (oid === OID.authorityKeyIdentifier || oid === OID.crlNumber) return null;
  if (oid === OID.deltaCrlIndicator || oid === OID.issuingDistributionPoint) return 'e_crl_scope_is_full';
  return critical ? 'e_crl_no_unknown_critical_extension' : 'e_crl_extensions_are_ours';
}

function checkIssuerKey(extension: Extension | undefined, expected: Bytes): Result<never, CrlFinding> | null {
  const rule = 'e_crl_aki_matches_issuer';
  if (extension === undefined) return finding(rule, 'absent');
  if (extension.critical) return finding(rule, 'critical');
  const identifier = readAuthorityKeyIdentifier(extension.value);
  if (!identifier.ok) return finding(rule, identifier.error.rule);
  return equalBytes(identifier.value, expected) ? null : finding(rule, 'another key than that of the issuer');
}

function readNumber(extension: Extension | undefined): Result<{ readonly number: number }, CrlFinding> {
  if (extension === undefined) return finding('e_crl_number_present', 'absent');
  const rule = 'e_crl_number_positive_and_not_critical';
  if (extension.critical) return finding(rule, 'critical');
  const number = readCrlNumber(extension.value);
  if (!number.ok) return finding(rule, number.error.rule);
  return number.value > 0 ? ok({ number: number.value }) : finding(rule, 'zero');
}
