/**
 * Extensions of a list (RFC 5280 5.2): authorityKeyIdentifier and crlNumber in each, deltaCRLIndicator in a delta,
 * issuingDistributionPoint in a list of a partition, freshestCRL in a full one where deltas are served; nothing else.
 */
import { contextTag, expectTag, explicit, parseDer } from '../asn1/der-reader.js';
import { OID } from '../asn1/oids.js';
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { readExtensions } from '../x509/extension-reader.js';
import { readAuthorityKeyIdentifier } from '../x509/extensions/authority-key-identifier.js';
import { readCrlNumber } from '../x509/extensions/crl-number.js';
import { readDeltaCrlIndicator } from '../x509/extensions/delta-crl-indicator.js';
import { readFreshestCrl } from '../x509/extensions/freshest-crl.js';
import { readIssuingDistributionPoint } from '../x509/extensions/issuing-distribution-point.js';
import type { Extension } from '../x509/model.js';
import type { CrlFinding, CrlRule } from './crl-rules.js';

export type CrlExtensions = {
  readonly number: number;
  /** Of a delta: the number of its base. */
  readonly base: number | null;
  /** The address that names its partition; null: it covers all certificates. */
  readonly partitionUrl: string | null;
  readonly freshest: readonly string[];
};

const OURS: ReadonlySet<string> = new Set([
  OID.authorityKeyIdentifier,
  OID.crlNumber,
  OID.deltaCrlIndicator,
  OID.issuingDistributionPoint,
  OID.freshestCrl,
]);

/** `whole` is the `[0]` of the list. */
export function readCrlExtensions(whole: Bytes, issuerKeyIdentifier: Bytes): Result<CrlExtensions, CrlFinding> {
  const parsed = parseDer(whole, (root) => {
    expectTag(root, contextTag(0, 'constructed'), 'crlExtensions');
    return readExtensions(explicit(root, 'crlExtensions'), 'crlExtensions');
  });
  if (!parsed.ok) return finding('e_crl_der_is_strict', parsed.error.rule);
  for (const { oid, critical } of parsed.value) {
    if (OURS.has(oid)) continue;
    return finding(critical ? 'e_crl_no_unknown_critical_extension' : 'e_crl_extensions_are_ours', oid);
  }
  const byOid = new Map(parsed.value.map((extension) => [extension.oid, extension]));
  const identified = checkIssuerKey(byOid.get(OID.authorityKeyIdentifier), issuerKeyIdentifier);
  if (identified !== null) return identified;
  const number = readNumber(byOid.get(OID.crlNumber));
  if (!number.ok) return number;
  const base = readBase(byOid.get(OID.deltaCrlIndicator), number.value);
  if (!base.ok) return base;
  const partitionUrl = readPartition(byOid.get(OID.issuingDistributionPoint));
  if (!partitionUrl.ok) return partitionUrl;
  const freshest = readFreshest(byOid.get(OID.freshestCrl));
  if (!freshest.ok) return freshest;
  return ok({
    number: number.value,
    base: base.value,
    partitionUrl: partitionUrl.value,
    freshest: freshest.value,
  });
}

function finding(rule: CrlRule, detail: string): Result<never, CrlFinding> {
  return err({ rule, detail });
}

function checkIssuerKey(extension: Extension | undefined, expected: Bytes): Result<never, CrlFinding> | null {
  const rule = 'e_crl_aki_matches_issuer';
  if (extension === undefined) return finding(rule, 'absent');
  if (extension.critical) return finding(rule, 'critical');
  const identifier = readAuthorityKeyIdentifier(extension.value);
  if (!identifier.ok) return finding(rule, identifier.error.rule);
  return equalBytes(identifier.value, expected) ? null : finding(rule, 'another key than that of the issuer');
}

function readNumber(extension: Extension | undefined): Result<number, CrlFinding> {
  if (extension === undefined) return finding('e_crl_number_present', 'absent');
  const rule = 'e_crl_number_positive_and_not_critical';
  if (extension.critical) return finding(rule, 'critical');
  const number = readCrlNumber(extension.value);
  if (!number.ok) return finding(rule, number.error.rule);
  return number.value > 0 ? number : finding(rule, 'zero');
}

/** A list that completes itself, or one that is to come, completes nothing. */
function readBase(extension: Extension | undefined, number: number): Result<number | null, CrlFinding> {
  if (extension === undefined) return ok(null);
  const rule = 'e_crl_delta_indicator_form';
  if (!extension.critical) return finding(rule, 'not critical');
  const base = readDeltaCrlIndicator(extension.value);
  if (!base.ok) return finding(rule, base.error.rule);
  return base.value > 0 && base.value < number ? base : finding(rule, `base ${base.value} of list ${number}`);
}

function readPartition(extension: Extension | undefined): Result<string | null, CrlFinding> {
  if (extension === undefined) return ok(null);
  const rule = 'e_crl_partition_form';
  if (!extension.critical) return finding(rule, 'not critical');
  const point = readIssuingDistributionPoint(extension.value);
  if (!point.ok) return finding(rule, point.error.rule);
  const { uri, only } = point.value;
  return uri !== null && only === null ? ok(uri) : finding(rule, 'cut by the kind of certificate');
}

function readFreshest(extension: Extension | undefined): Result<readonly string[], CrlFinding> {
  if (extension === undefined) return ok([]);
  const rule = 'e_crl_freshest_is_issuers';
  if (extension.critical) return finding(rule, 'critical');
  const addresses = readFreshestCrl(extension.value);
  return addresses.ok ? addresses : finding(rule, addresses.error.rule);
}
