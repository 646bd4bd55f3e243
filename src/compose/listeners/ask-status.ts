/** Asks for the status of a certificate at the published address, as a relying party does. */
import { SECOND_MS } from '../../kernel/duration.js';
import { errorMessage } from '../../kernel/errors.js';
import { err, ok } from '../../kernel/result.js';
import { ocspGetUrl, ocspRequestFor } from '../../ocsp/make-request.js';
import { verifyOcspResponse } from '../../ocsp/verify-answer.js';
import type { ServingContext } from '../../operations/serving.js';
import type { World } from '../../operations/world.js';
import { ocspUrl } from '../../policy/publication/addresses.js';
import { collectBytes, fetchHttp } from '../../publish/public-addresses.js';
import { systemSteadyMs } from '../world.js';

/** Time limit for the request and its answer, because a person waits for the page. */
const ASK_TIMEOUT_MS = 2 * SECOND_MS;
const ANSWER_BYTES_MAX = 64 * 1024;

export function createAskStatus({
  policy,
  issuers,
  clock,
}: Pick<World, 'policy' | 'issuers' | 'clock'>): ServingContext['askStatus'] {
  return async (issuerId, serial) => {
    const issuer = issuers.byId(issuerId);
    if (issuer === null) return err(`no issuer ${issuerId}`);
    const began = systemSteadyMs();
    const address = ocspGetUrl(ocspUrl(policy.environment), ocspRequestFor(issuer, serial));
    const fetched = await fetchHttp(address, { answerMsMax: ASK_TIMEOUT_MS, wholeMsMax: ASK_TIMEOUT_MS });
    if (!fetched.ok) return err(fetched.error.detail);
    try {
      const der = await collectBytes(fetched.value, ANSWER_BYTES_MAX);
      const verified = verifyOcspResponse(der, { issuer, serial, now: clock() });
      return verified.ok ? ok({ ...verified.value, tookMs: Math.round(systemSteadyMs() - began) }) : verified;
    } catch (error) {
      return err(`interrupted: ${errorMessage(error)}`);
    }
  };
}
