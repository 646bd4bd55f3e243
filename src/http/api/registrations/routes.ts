/** Routes of registrations: what a holder may be issued later, by EST, by CMP or by this API. */
import type { Route } from '../route.js';
import { ISSUING_FAILURES } from '../routes/certificates.js';
import {
  getRegistration,
  getRegistrations,
  postRegistered,
  postRegistration,
  postSecret,
  postWithdrawal,
} from './handlers.js';

const REGISTERED = [
  'Holder, card, evidence and validity are checked as for a certificate, without the key. The answer has a reference and a',
  'secret, which the holder needs to get the certificates by EST or CMP; a repetition under the same Idempotency-Key has them',
  'again. The secret is in no other answer. The registration acts with the rights that this account has when it is used.',
].join(' ');

const USED = [
  'The profile must be one of the registration (otherwise 403, registration-profile) and unused (otherwise 409,',
  'registration-profile-unused). Everything but the key comes from the registration. A profile whose certificate is given up',
  'is unused again, at most three times.',
].join(' ');

const PAGE =
  'A result matches all filters. Newest first. A page may have fewer than limit, or none, although there are more: follow ' +
  'nextCursor until it is null. Secrets are never shown.';

export const REGISTRATION_ROUTES: readonly Route[] = [
  {
    kind: 'json',
    method: 'post',
    path: '/v1/registrations',
    operationId: 'register',
    summary: 'Register what a holder may be issued, with a reference and a secret.',
    description: REGISTERED,
    action: 'register',
    body: 'RegistrationRequest',
    query: null,
    success: { status: 201, component: 'NewRegistration' },
    idempotent: true,
    failures: ['policy-violated', 'quota-exceeded'],
    handler: postRegistration,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/registrations',
    operationId: 'listRegistrations',
    summary: 'List registrations.',
    description: PAGE,
    action: 'read-registrations',
    body: null,
    query: 'registrations',
    success: { status: 200, component: 'RegistrationPage' },
    failures: ['invalid-request'],
    handler: getRegistrations,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/registrations/{id}',
    operationId: 'readRegistration',
    summary: 'Read one registration, without its secret.',
    action: 'read-registrations',
    body: null,
    query: null,
    success: { status: 200, component: 'Registration' },
    failures: ['not-found'],
    handler: getRegistration,
  },
  {
    kind: 'json',
    method: 'post',
    path: '/v1/registrations/{id}/withdrawal',
    operationId: 'withdrawRegistration',
    summary: 'Withdraw a registration: nothing more is issued for it.',
    description:
      'A repetition changes nothing. A registration of which every profile is used is refused: revoke its certificates.',
    action: 'register',
    body: null,
    query: null,
    success: { status: 200, component: 'Registration' },
    failures: ['not-found', 'state-conflict'],
    handler: postWithdrawal,
  },
  {
    kind: 'json',
    method: 'post',
    path: '/v1/registrations/{id}/secret',
    operationId: 'renewRegistrationSecret',
    summary: 'Make a new secret for a registration; the old one is void at once.',
    description: 'Each call makes another secret.',
    action: 'register',
    body: null,
    query: null,
    success: { status: 200, component: 'RegistrationSecret' },
    failures: ['not-found', 'state-conflict'],
    handler: postSecret,
  },
  {
    kind: 'json',
    method: 'post',
    path: '/v1/registrations/{id}/certificates',
    operationId: 'issueRegistered',
    summary: 'Issue a certificate that was registered.',
    description: USED,
    action: 'issue',
    body: 'RegisteredRequest',
    query: null,
    success: { status: 201, component: 'Certificate' },
    idempotent: true,
    failures: ['not-found', ...ISSUING_FAILURES],
    handler: postRegistered,
  },
];
