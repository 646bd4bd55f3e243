/** CRLs in general messages: which of them fit, and where the others are. */
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { crlFileName, crlUrl } from '../../policy/publication/addresses.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlScope } from '../../ports/store/crls.js';
import { errorFault } from '../fail-info.js';
import type { CmpFault } from '../model.js';
import type { InfoContext, PublishedList } from './info-type.js';

/** The signer of answers takes frames of 256 KiB, which have the certificates of the answer too. */
export const LISTS_BYTES_MAX = 200 * 1024;

export type NamedList = { readonly issuer: IssuerId; readonly scope: CrlScope };

/** null: the list is not here, though it should be. */
export async function findList(
  { findList: find }: InfoContext,
  { issuer, scope }: NamedList,
): Promise<PublishedList | null> {
  return find(crlFileName(issuer, scope));
}

/** The octets of these lists; an error if one is missing, or if they do not fit into one answer. */
export function octetsOf(
  { policy }: InfoContext,
  lists: readonly (NamedList & { readonly list: PublishedList | null })[],
): Result<readonly Bytes[], CmpFault> {
  let left = LISTS_BYTES_MAX;
  const found: Bytes[] = [];
  for (const { issuer, scope, list } of lists) {
    const address = crlUrl(policy.environment, issuer, scope);
    if (list === null) return err(errorFault('addInfoNotAvailable', `The CRL is not available here: ${address}`));
    left -= list.sizeBytes;
    if (left < 0 || list.bytes === null)
      return err(errorFault('addInfoNotAvailable', `The CRL is too long for a message; get it from ${address}`));
    found.push(list.bytes);
  }
  return ok(found);
}
