/**
 * Keys with certificates on two cards, or in two profiles of cards. Requests for them are refused
 * (`issuance/clashes.ts`); these are older cases, from before that rule or from other systems.
 */
import { isCertificate, isKeyProven } from '../../lifecycle/certificate-states.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Reads } from '../../ports/store.js';

export type DuplicateKey = { readonly spkiSha256: string; readonly certificates: readonly CertificateRecord[] };

/** `next`: the key after which the next page begins; null: this is the last page. */
type DuplicatesPage = { readonly duplicates: readonly DuplicateKey[]; readonly next: string | null };

export async function findDuplicateKeys(
  reads: Pick<Reads, 'repeatedKeys' | 'certificatesByKeys'>,
  page: { readonly after: string; readonly limit: number },
): Promise<DuplicatesPage> {
  const keys = await reads.repeatedKeys(page);
  const records = (await reads.certificatesByKeys(keys)).filter((one) => isCertificate(one) && isKeyProven(one));
  const duplicates = keys.flatMap((spkiSha256) => {
    const certificates = records.filter((record) => record.spkiSha256 === spkiSha256);
    return areElsewhere(certificates) ? [{ spkiSha256, certificates }] : [];
  });
  return { duplicates, next: keys.length < page.limit ? null : (keys.at(-1) ?? null) };
}

/** Whether at least one certificate is on a card, and they differ in their cards or profiles. */
function areElsewhere(certificates: readonly CertificateRecord[]): boolean {
  const isOnCard = certificates.some(({ cardTokenId }) => cardTokenId !== null);
  const places = new Set(certificates.map(({ cardTokenId, profile }) => `${cardTokenId ?? ''} ${profile}`));
  return isOnCard && places.size > 1;
}
