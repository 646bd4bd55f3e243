/** ErrorMsgContent (RFC 9810 5.3.21). */
import { type DerElement, sequence, TAG } from '../../asn1/der-reader.js';
import { seq } from '../../asn1/der-writer.js';
import type { Bytes } from '../../kernel/bytes.js';
import { encodeFreeText, encodeWholeNumber, readFreeText, wholeNumber } from '../elements.js';
import type { ErrorMessage } from '../model.js';
import { encodeStatusInfo, readStatusInfo } from '../status-info.js';

/** For use inside `parseDer`. */
export function readErrorMessage(element: DerElement): ErrorMessage {
  const fields = sequence(element, 'errorMsgContent');
  const status = readStatusInfo(fields.next(TAG.sequence, 'pKIStatusInfo'), 'pKIStatusInfo');
  const code = fields.optional(TAG.integer);
  const details = fields.optional(TAG.sequence);
  fields.end();
  return {
    status,
    errorCode: code === null ? null : wholeNumber(code, 'errorCode'),
    errorDetails: details === null ? [] : readFreeText(details, 'errorDetails'),
  };
}

export function encodeErrorMessage({ status, errorCode, errorDetails }: ErrorMessage): Bytes {
  return seq(
    encodeStatusInfo(status),
    ...(errorCode === null ? [] : [encodeWholeNumber(errorCode)]),
    ...(errorDetails.length === 0 ? [] : [encodeFreeText(errorDetails)]),
  );
}
