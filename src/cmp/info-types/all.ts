/** All types of information that general messages may ask for, and the answer to one message. */
import { oid, seq } from '../../asn1/der-writer.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { errorFault } from '../fail-info.js';
import type { CmpFault, InfoTypeAndValue } from '../model.js';
import { caCerts } from './ca-certs.js';
import { caProtEncCert } from './ca-prot-enc-cert.js';
import { certReqTemplate } from './cert-req-template.js';
import { crlStatusList } from './crl-status-list.js';
import { currentCrl } from './current-crl.js';
import type { InfoContext, InfoType } from './info-type.js';
import { encKeyPairTypes, preferredSymmAlg, signKeyPairTypes } from './key-types.js';
import { LISTS_BYTES_MAX } from './lists.js';
import { INFO } from './oids.js';
import { rootCaCert } from './root-ca-cert.js';
import { suppLangTags } from './supp-lang-tags.js';

const INFO_TYPES: readonly InfoType[] = [
  caCerts,
  rootCaCert,
  certReqTemplate,
  crlStatusList,
  currentCrl,
  signKeyPairTypes,
  encKeyPairTypes,
  preferredSymmAlg,
  caProtEncCert,
  suppLangTags,
];

const ITEMS_MAX = 8;

/**
 * The items of genp (RFC 9810 5.3.20) for those of genm: one for each type that is known, in the
 * order of the request, and then one with the identifiers of the others.
 */
export async function answerInformation(
  items: readonly InfoTypeAndValue[],
  context: InfoContext,
): Promise<Result<readonly InfoTypeAndValue[], CmpFault>> {
  if (items.length === 0 || items.length > ITEMS_MAX)
    return err(errorFault('badRequest', `A general message must have 1 to ${ITEMS_MAX} items.`));
  if (new Set(items.map((item) => item.oid)).size < items.length)
    return err(errorFault('badRequest', 'A general message must ask for each type of information only once.'));
  const answers: InfoTypeAndValue[] = [];
  const unsupported: string[] = [];
  for (const item of items) {
    const type = INFO_TYPES.find((one) => one.oid === item.oid);
    if (type === undefined) {
      unsupported.push(item.oid);
      continue;
    }
    const answer = await type.answer(item.value, context);
    if (!answer.ok) return answer;
    answers.push(answer.value);
  }
  if (unsupported.length > 0) answers.push({ oid: INFO.unsupportedOIDs, value: seq(...unsupported.map(oid)) });
  const bytes = answers.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  if (bytes > LISTS_BYTES_MAX)
    return err(errorFault('addInfoNotAvailable', 'The answer is too long for a message; ask for fewer types at once.'));
  return ok(answers);
}
