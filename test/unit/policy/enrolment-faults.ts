/** Faults in what profiles and environments say about EST, CMP and registrations. */
import { CPE, CPS, DEV, type Json, OCSP, type PolicyFaultCase, SERV } from './policy-faults.js';

const CONF = 'elementaire/profiles/org-conf.json';

function withEnrolment(member: string, value: unknown): (body: Json) => Json {
  return (body) => ({ ...body, enrolment: { ...(body.enrolment as Json), [member]: value } });
}

/** `change`: the member, its value, and what the fault says. */
function fault(title: string, file: string, change: readonly [string, unknown, string]): PolicyFaultCase {
  const [member, value, says] = change;
  return { title, file, change: withEnrolment(member, value), pointer: `/enrolment/${member}`, says };
}

function cmpFault(
  title: string,
  member: string,
  [value, says]: readonly [Json[string], string],
): readonly PolicyFaultCase[] {
  const change = (body: Json): Json => {
    const enrolment = body.enrolment as Json;
    return { ...body, enrolment: { ...enrolment, cmp: { ...(enrolment.cmp as Json), [member]: value } } };
  };
  return [{ title, file: DEV, change, pointer: `/enrolment/cmp/${member}`, says }];
}

export const ENROLMENT_FAULTS: readonly PolicyFaultCase[] = [
  fault('a holder of FORT from the request', CPS, ['fromRequest', true, 'come from a registration']),
  fault('a key that signs, proven by decryption', SERV, ['encryptedCertificate', true, 'cannot sign']),
  fault('an undetermined certificate without a card', CONF, ['unconfirmed', 'undetermined', 'only a card']),
  fault('EST where a certificate may be undetermined', CPE, ['est', true, 'EST has no confirmation']),
  fault('a conformance suite for cards', CPE, ['conformanceSuite', true, 'cmp for all']),
  fault('a confirmation in no time', SERV, ['confirmWithin', 'PT9S', 'not between']),
  fault('a confirmation after four days', CPS, ['confirmWithin', 'PT73H', 'not between']),
  fault('a default profile that does not exist', DEV, ['defaultProfile', 'fort/none', 'there is no profile']),
  fault('a default profile without EST', DEV, ['defaultProfile', 'fort/cps-signature', 'not issued by EST']),
  fault('a registration for longer than the longest', DEV, ['registrationLife', 'P91D', 'longer than the longest']),
  fault('a registration for half a year', DEV, ['registrationLifeMax', 'P180D', '90 days']),
  ...cmpFault('messages of an hour ago', 'timeWindow', ['PT1H', 'not between PT1M and PT15M']),
  ...cmpFault('transactions that are forgotten too early', 'retention', ['PT9M', 'two time windows']),
  ...cmpFault('a client that waits for two months', 'waitMax', ['P60D', 'not between PT1M and P30D']),
  ...cmpFault('a million iterations', 'pbmIterationsMax', [1_000_000, 'that the code allows']),
  ...cmpFault('a million iterations of PBKDF2', 'pbmac1IterationsMax', [1_000_000, 'that the code allows']),
  {
    title: 'a responder that can be enrolled',
    file: OCSP,
    change: (body) => ({
      ...body,
      enrolment: {
        fromRequest: false,
        est: false,
        cmp: 'none',
        implicitConfirm: false,
        confirmWithin: 'PT5M',
        unconfirmed: 'revoke',
        supersede: 'let-end',
        encryptedCertificate: false,
      },
      sources: { ...(body.sources as Json), '/enrolment': 'assumption' },
    }),
    pointer: '/enrolment',
    says: 'responder',
  },
];
