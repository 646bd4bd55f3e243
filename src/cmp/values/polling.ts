/** PollReqContent and PollRepContent (RFC 9810 5.3.22). */
import { type DerElement, sequence, sequenceOf, TAG } from '../../asn1/der-reader.js';
import { integer, seq } from '../../asn1/der-writer.js';
import type { Bytes } from '../../kernel/bytes.js';
import { encodeFreeText, encodeWholeNumber, readFreeText, wholeNumber } from '../elements.js';
import type { PollAnswer } from '../model.js';

/** The certReqId of each element. For use inside `parseDer`, as the other one. */
export function readPollRequest(element: DerElement): readonly number[] {
  return sequenceOf(element, 'pollReq').map((member) => {
    const fields = sequence(member, 'pollReq');
    const certReqId = wholeNumber(fields.next(TAG.integer, 'certReqId'), 'certReqId');
    fields.end();
    return certReqId;
  });
}

export function encodePollRequest(certReqIds: readonly number[]): Bytes {
  return seq(...certReqIds.map((certReqId) => seq(encodeWholeNumber(certReqId))));
}

export function readPollAnswer(element: DerElement): readonly PollAnswer[] {
  return sequenceOf(element, 'pollRep').map((member) => {
    const fields = sequence(member, 'pollRep');
    const certReqId = wholeNumber(fields.next(TAG.integer, 'certReqId'), 'certReqId');
    const checkAfterSeconds = wholeNumber(fields.next(TAG.integer, 'checkAfter'), 'checkAfter');
    const reason = fields.optional(TAG.sequence);
    fields.end();
    return { certReqId, checkAfterSeconds, reason: reason === null ? [] : readFreeText(reason, 'reason') };
  });
}

export function encodePollAnswer(answers: readonly PollAnswer[]): Bytes {
  return seq(
    ...answers.map(({ certReqId, checkAfterSeconds, reason }) =>
      seq(
        encodeWholeNumber(certReqId),
        integer(checkAfterSeconds),
        ...(reason.length === 0 ? [] : [encodeFreeText(reason)]),
      ),
    ),
  );
}
