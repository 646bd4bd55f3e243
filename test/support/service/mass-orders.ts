/** Orders to revoke many certificates, as an officer gives them after the preview. */
import { createHash, X509Certificate } from 'node:crypto';
import type { Client } from './client.js';

export type Preview = {
  readonly matched: number;
  readonly accounts: readonly { readonly account: string; readonly certificate: string }[];
  readonly platform: readonly { readonly part: string; readonly certificate: string }[];
};
type Selection = Readonly<Record<string, string>>;

/** The digest of the key of a certificate in PEM, as orders name it. */
export function keyOfCertificate(pem: string): string {
  const { publicKey } = new X509Certificate(pem);
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** A preview cannot select by a certificate: a query would be too long for it. */
function queryOf({ certificate, ...select }: Selection): string {
  const key = certificate === undefined ? {} : { spkiSha256: keyOfCertificate(certificate) };
  return new URLSearchParams({ ...select, ...key }).toString();
}

export function previewOf(officer: Client, select: Selection): Promise<Preview> {
  return officer.expect<Preview>('GET', `/v1/revocations/preview?${queryOf(select)}`);
}

/** The body of an order for what the preview shows, which names no accounts. */
export async function orderFor(officer: Client, select: Selection) {
  const { matched } = await previewOf(officer, select);
  return { select, reason: 'superseded', expectedCount: Math.max(1, matched) };
}
