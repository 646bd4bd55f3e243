/** What stands at the addresses for relying parties. */
import type { Bytes } from '../../kernel/bytes.js';
import { ocspRequestFromPath } from '../../ocsp/request-path.js';

export type Place =
  | { readonly kind: 'list' | 'authority'; readonly name: string }
  | { readonly kind: 'practice-statement' | 'front' }
  | { readonly kind: 'ocsp'; readonly requestDer: Bytes };

const LIST_PATH = /^\/CRL\/([A-Za-z0-9-]{1,40}\.crl)$/;
const AUTHORITY_PATH = /^\/AC\/([A-Za-z0-9_-]{1,80}\.(?:cer|p7b))$/;
const OCSP_FOLDER = '/ocsp/';

/** Of a GET; null: nothing. `path` without a query, `practiceStatement` its path. */
export function placeOf(path: string, practiceStatement: string): Place | null {
  const list = LIST_PATH.exec(path)?.[1];
  if (list !== undefined) return { kind: 'list', name: list };
  const authority = AUTHORITY_PATH.exec(path)?.[1];
  if (authority !== undefined) return { kind: 'authority', name: authority };
  if (path === practiceStatement) return { kind: 'practice-statement' };
  if (path === '/') return { kind: 'front' };
  const requestDer = ocspRequestFromPath(path.slice(path.startsWith(OCSP_FOLDER) ? OCSP_FOLDER.length : 1));
  return requestDer === null ? null : { kind: 'ocsp', requestDer };
}

/** Where requests are posted. */
export function isOcspPath(path: string): boolean {
  return path === '/ocsp' || path === '/' || path === OCSP_FOLDER;
}
