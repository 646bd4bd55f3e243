/** Reads the link certificates between two generations of a root (RFC 9810 4.4). */
import type { DerFailure } from '../../asn1/der-reader.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Issuer, LinkCertificate } from '../model.js';
import { readCertificate } from './certificate-reader.js';
import { isIssuedBy } from './issuer.js';

type LinkFailure =
  | DerFailure
  | { readonly kind: 'link-unusable'; readonly rule: 'name-and-key-of-root' | 'signed-by-issuer' };

type LinkFacts = { readonly root: Issuer; readonly issuer: Issuer; readonly certificate: Bytes };

/**
 * Accepts only a certificate with the name and the key of `root`, which the key of `issuer` has
 * signed.
 */
export function readLink({ root, issuer, certificate }: LinkFacts): Result<LinkCertificate, LinkFailure> {
  const read = readCertificate(certificate);
  if (!read.ok) return read;
  const { subjectDer, spki } = read.value.tbs;
  if (!equalBytes(subjectDer, root.subjectDer) || !equalBytes(spki, root.spki))
    return err({ kind: 'link-unusable', rule: 'name-and-key-of-root' });
  if (!isIssuedBy(issuer, read.value)) return err({ kind: 'link-unusable', rule: 'signed-by-issuer' });
  return ok({ subject: root.id, issuer: issuer.id, certificate });
}
