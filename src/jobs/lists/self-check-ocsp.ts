/** What a relying party would find wrong with an OCSP answer, and whether it says what the database says. */
import type { Bytes } from '../../kernel/bytes.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import { checkOcspResponseData } from '../../lint/ocsp/lint.js';
import { decideStatus } from '../../ocsp/decide.js';
import { readOcspResponse } from '../../ocsp/read.js';
import { readDelegatedResponder } from '../../ocsp/responder.js';
import type { StoredState } from '../../ports/store/statuses.js';
import { verifySignature } from '../../x509/keys/algorithms.js';
import type { Issuer } from '../../x509/model.js';

export type Asked = {
  readonly serial: string;
  readonly state: StoredState;
  readonly notAfter: Instant;
  /** When its status last changed: a hold that was released leaves no time in the state. null: never. */
  readonly changedAt: Instant | null;
};

/** Caches in front may have the answer before for their max-age of five minutes. */
const LATE_MS_MAX = 10 * MINUTE_MS;

type Given = { readonly issuer: Issuer; readonly asked: Asked; readonly now: Instant };

/** null: nothing is wrong. */
export function checkAnswer(der: Bytes, { issuer, asked, now }: Given): string | null {
  const read = readOcspResponse(der);
  if (!read.ok) return `no OCSP response: ${read.error.rule}`;
  // Its signer is away: what the state of the service says, and not for the first time here.
  if (read.value.status === 3) return 'tryLater';
  if (read.value.basic === null) return `the error ${read.value.status}`;
  const { responseData, signature, certificates } = read.value.basic;
  const [certificate] = certificates;
  const responder = certificate === undefined ? null : readDelegatedResponder(issuer, certificate);
  if (!responder?.ok) return `its signer: ${responder?.error.rule ?? 'no certificate'}`;
  const { spki, signatureAlgorithm: algorithm, notBefore, notAfter } = responder.value;
  if (!verifySignature({ spki, algorithm, data: responseData, signature })) return 'its signature does not verify';
  if (now < notBefore || now > notAfter) return `the certificate of its signer ended at ${formatInstant(notAfter)}`;
  const lint = { issuer, responder: responder.value, lifeMsMax: Number.MAX_SAFE_INTEGER };
  const summary = checkOcspResponseData(lint, responseData);
  if (!summary.ok) return summary.error.findings.map(({ rule, detail }) => `${rule}: ${detail}`).join('; ');
  return wrongIn(summary.value.responses, asked, now);
}

type Responses = readonly { readonly serial: string; readonly status: string; readonly nextUpdate: Instant }[];

function wrongIn(responses: Responses, asked: Asked, now: Instant): string | null {
  const [only, ...others] = responses;
  if (only === undefined || others.length > 0) return `${responses.length} responses to one question`;
  if (only.serial !== asked.serial.replace(/^(00)+(?=..)/, '')) return `about ${only.serial}, not ${asked.serial}`;
  if (only.nextUpdate <= now) return `it ended at ${formatInstant(only.nextUpdate)}`;
  const { state } = asked;
  const expected = decideStatus({ state, notAfter: asked.notAfter, signed: true }, 'unknown');
  if (expected.kind === 'try-later' || only.status === expected.kind) return null;
  const mayBeLate = asked.changedAt !== null && now - asked.changedAt < LATE_MS_MAX;
  return mayBeLate && only.status !== 'unknown' ? null : `${only.status}, and it is ${expected.kind}`;
}
