import { ok, type Result } from '../../../kernel/result.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { releaseCertificate, revokeCertificate, suspendCertificate } from '../../../operations/revocation/revoke.js';
import type { Field } from '../../fields.js';
import type { ActionOutcome, PageAction } from '../../page.js';
import { dayOf, situationOf, situationOptions } from '../../situations.js';
import { REASON_LABELS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { ACTION_WORDS as WORDS } from './action-words.js';
import type { CertificateData } from './data.js';

const SINCE: Field = { kind: 'date', name: 'since', label: WORDS.since, hint: WORDS.sinceHint };

/**
 * Each change of the status is an event, so that a certificate that was suspended and released
 * since has another version than before.
 */
export function versionOf({ record: { state }, events }: CertificateData): string {
  return JSON.stringify([state, events.length]);
}

/** Leads to the page of the certificate, which shows its new status. */
function done(action: string, changed: Result<unknown, OperationFailure>): Result<ActionOutcome, OperationFailure> {
  return changed.ok ? ok({ query: { done: action } }) : changed;
}

export const REVOKE: PageAction<CertificateData> = {
  id: 'revoke',
  label: WORDS.revoke,
  action: 'revoke',
  tone: 'danger',
  isOffered: ({ status }) => status === 'issued' || status === 'suspended' || status === 'pending',
  version: versionOf,
  fields: ({ reasons }) => [
    { kind: 'choice', name: 'situation', label: WORDS.situation, isRequired: true, options: situationOptions(reasons) },
    SINCE,
  ],
  review: ({ record: { serial } }, input) => {
    const { reason, meaning } = situationOf(input.situation ?? '');
    return {
      summary: filled(WORDS.willRevoke, { serial, reason: REASON_LABELS[reason] }),
      consequences: [WORDS.willBeTold, WORDS.holderCannot, filled(WORDS.meaning, { meaning })],
      isReversible: false,
    };
  },
  perform: async ({ world }, { account }, { data, input }) => {
    const { reason } = situationOf(input.situation ?? '');
    const command = { account, reason, invalidityDate: dayOf(input.since) };
    return done('revoke', await revokeCertificate(world, data.record.id, command));
  },
};

export const SUSPEND: PageAction<CertificateData> = {
  id: 'suspend',
  label: WORDS.suspend,
  action: 'suspend',
  isOffered: ({ status, canBeSuspended }) => status === 'issued' && canBeSuspended,
  version: versionOf,
  fields: () => [SINCE],
  review: ({ record: { serial } }) => ({
    summary: filled(WORDS.willSuspend, { serial }),
    consequences: [WORDS.suspendedTold, WORDS.holderCannot],
    isReversible: true,
  }),
  perform: async ({ world }, { account }, { data, input }) =>
    done('suspend', await suspendCertificate(world, data.record.id, { account, invalidityDate: dayOf(input.since) })),
};

export const RELEASE: PageAction<CertificateData> = {
  id: 'release',
  label: WORDS.release,
  action: 'release',
  isOffered: ({ status }) => status === 'suspended',
  version: versionOf,
  fields: () => [],
  review: ({ record: { serial } }) => ({
    summary: filled(WORDS.willRelease, { serial }),
    consequences: [WORDS.releasedTold],
    isReversible: true,
  }),
  perform: async ({ world }, { account }, { data }) =>
    done('release', await releaseCertificate(world, data.record.id, { account })),
};
