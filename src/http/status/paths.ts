/**
 * The paths of what relying parties request: CRLs, CA certificates, OCSP, the practice statement
 * and the public page.
 */
import { parseDer, TAG } from '../../asn1/der-reader.js';
import type { Bytes } from '../../kernel/bytes.js';
import { ocspRequestFromPath } from '../../ocsp/request-path.js';

type StatusResource =
  | { readonly kind: 'crl' | 'authority'; readonly name: string }
  | { readonly kind: 'practice-statement' | 'public-page' }
  | { readonly kind: 'ocsp'; readonly requestDer: Bytes };

const CRL_PATH = /^\/CRL\/([A-Za-z0-9-]{1,40}\.crl)$/;
const AUTHORITY_PATH = /^\/AC\/([A-Za-z0-9_-]{1,80}\.(?:cer|p7b|spki))$/;
const OCSP_FOLDER = '/ocsp/';

/**
 * Finds the resource that a GET requests; null: there is none. `path`: without a query.
 * `practiceStatement`: the path of the certification practice statement.
 */
export function resourceAt(path: string, practiceStatement: string): StatusResource | null {
  const crl = CRL_PATH.exec(path)?.[1];
  if (crl !== undefined) return { kind: 'crl', name: crl };
  const authority = AUTHORITY_PATH.exec(path)?.[1];
  if (authority !== undefined) return { kind: 'authority', name: authority };
  if (path === practiceStatement) return { kind: 'practice-statement' };
  if (path === '/') return { kind: 'public-page' };
  if (path.startsWith(OCSP_FOLDER)) return ocspAt(path.slice(OCSP_FOLDER.length));
  const found = ocspAt(path.slice(1));
  return found !== null && isDerSequence(found.requestDer) ? found : null;
}

function ocspAt(encoded: string): (StatusResource & { readonly kind: 'ocsp' }) | null {
  const requestDer = ocspRequestFromPath(encoded);
  return requestDer === null ? null : { kind: 'ocsp', requestDer };
}

/**
 * Whether the bytes are a DER SEQUENCE, as every OCSP request is. Nearly every short path is valid
 * base64, so without this check `/nothing` would get an OCSP error instead of 404.
 */
function isDerSequence(bytes: Bytes): boolean {
  const read = parseDer(bytes, ({ tag }) => tag === TAG.sequence);
  return read.ok && read.value;
}

/** Whether OCSP requests can be sent to this path by POST. */
export function isOcspPath(path: string): boolean {
  return path === '/ocsp' || path === '/' || path === OCSP_FOLDER;
}
