/**
 * Checks of what profiles and environments say about EST, CMP and registrations, and the bounds
 * that no file may exceed.
 */
import { DAY_MS, MINUTE_MS, parseDuration } from '../../kernel/duration.js';
import { CEILINGS } from '../ceilings.js';
import { isForSuite } from '../enrolment-policy.js';
import {
  type Document,
  type EnvironmentFile,
  faultIn,
  type PolicyDocuments,
  type ProfileFile,
} from '../load/documents.js';
import type { PolicyFault } from '../model.js';
import { isOwnSigner } from '../own-signers.js';

export function enrolmentFaults({ environment, profiles }: PolicyDocuments): readonly PolicyFault[] {
  const { mark } = environment.body;
  return [
    ...profiles.flatMap((document) => [...profileFaults(document), ...conformanceSuiteFaults(document, mark)]),
    ...environmentFaults(environment, profiles),
  ];
}

function profileFaults(document: Document<ProfileFile>): readonly PolicyFault[] {
  const { enrolment, holder, hierarchy, assurance, keyOrigin, keyUsage, cardProducts } = document.body;
  if (enrolment === undefined) return [];
  const faults: PolicyFault[] = [];
  const refuse = (member: string, message: string) => faults.push(faultIn(document, `/enrolment/${member}`, message));
  if (isOwnSigner(holder))
    return [faultIn(document, '/enrolment', `no request from outside can ask for the certificate of a ${holder}`)];
  if (enrolment.fromRequest && (hierarchy === 'fort' || assurance !== null || keyOrigin.required))
    refuse('fromRequest', 'FORT, identity evidence and a key origin come from a registration or a record only');
  if (enrolment.fromRequest && holder === 'professional')
    refuse('fromRequest', 'the number of a professional is checked before it is certified');
  if (enrolment.encryptedCertificate && keyUsage.join() !== 'keyEncipherment')
    refuse('encryptedCertificate', 'is for keys that cannot sign: keyUsage must be keyEncipherment alone');
  if (enrolment.unconfirmed === 'undetermined' && cardProducts === null)
    refuse('unconfirmed', 'only a card can hold a certificate that it did not confirm');
  if (enrolment.unconfirmed === 'undetermined' && enrolment.est)
    refuse('est', 'EST has no confirmation, so that nothing can be undetermined');
  const within = parseDuration(enrolment.confirmWithin);
  if (!within.ok || within.value < CEILINGS.enrolmentConfirmMsMin || within.value > CEILINGS.enrolmentConfirmMsMax)
    refuse('confirmWithin', 'is not between PT10S and PT72H');
  return faults;
}

/** A certificate of such a profile may request others, which production never allows. */
function conformanceSuiteFaults(
  document: Document<ProfileFile>,
  mark: EnvironmentFile['mark'],
): readonly PolicyFault[] {
  const { enrolment } = document.body;
  if (enrolment === undefined || !isForSuite(document.body)) return [];
  const refuse = (message: string) => [faultIn(document, '/enrolment/conformanceSuite', message)];
  if (mark !== 'development') return refuse('is for the development environment only');
  return enrolment.fromRequest && enrolment.cmp === 'all' ? [] : refuse('needs fromRequest, and cmp for all');
}

function environmentFaults(
  document: Document<EnvironmentFile>,
  profiles: readonly Document<ProfileFile>[],
): readonly PolicyFault[] {
  const { enrolment, mark } = document.body;
  const { defaultProfile } = enrolment;
  const faults: PolicyFault[] = [];
  const refuse = (member: string, message: string) => faults.push(faultIn(document, `/enrolment/${member}`, message));
  const profile = profiles.find(({ body }) => body.id === defaultProfile)?.body;
  if (defaultProfile !== null && profile === undefined)
    refuse('defaultProfile', `there is no profile ${defaultProfile}`);
  else if (defaultProfile !== null && profile?.enrolment?.est !== true)
    refuse('defaultProfile', 'is not issued by EST');
  const life = parseDuration(enrolment.registrationLife);
  const lifeMax = parseDuration(enrolment.registrationLifeMax);
  if (!life.ok || life.value <= 0) refuse('registrationLife', 'is not a duration above zero');
  if (!lifeMax.ok || lifeMax.value <= 0 || lifeMax.value > CEILINGS.registrationLifeMsMax)
    refuse(
      'registrationLifeMax',
      `is not above zero and at most the ${CEILINGS.registrationLifeMsMax / DAY_MS} days that the code allows`,
    );
  if (life.ok && lifeMax.ok && life.value > lifeMax.value)
    refuse('registrationLife', 'is longer than the longest life of a registration');
  if (mark === 'production' && enrolment.accountSecrets)
    refuse('accountSecrets', 'production accounts sign in with certificates only');
  for (const [member, broken] of cmpFaults(enrolment.cmp)) refuse(`cmp/${member}`, broken);
  return faults;
}

type CmpFile = EnvironmentFile['enrolment']['cmp'];

/** `retention`: a message whose messageTime is still accepted must find its transaction. */
function cmpFaults(cmp: CmpFile): readonly (readonly [keyof CmpFile, string])[] {
  const timeWindow = parseDuration(cmp.timeWindow);
  const retention = parseDuration(cmp.retention);
  const waitMax = parseDuration(cmp.waitMax);
  const within = (value: ReturnType<typeof parseDuration>, min: number, max: number): boolean =>
    value.ok && value.value >= min && value.value <= max;
  const windowMs = timeWindow.ok ? timeWindow.value : 0;
  const faults: (readonly [keyof CmpFile, string])[] = [];
  if (!within(timeWindow, MINUTE_MS, CEILINGS.cmpTimeWindowMsMax))
    faults.push(['timeWindow', 'is not between PT1M and PT15M']);
  if (!within(retention, 2 * windowMs, CEILINGS.cmpRetentionMsMax))
    faults.push(['retention', 'is not between two time windows and P30D']);
  if (!within(waitMax, MINUTE_MS, CEILINGS.cmpWaitMsMax)) faults.push(['waitMax', 'is not between PT1M and P30D']);
  if (cmp.pbmIterationsMax > CEILINGS.cmpPbmIterationsMax)
    faults.push(['pbmIterationsMax', `is above the ${CEILINGS.cmpPbmIterationsMax} that the code allows`]);
  if (cmp.pbmac1IterationsMax > CEILINGS.cmpPbmac1IterationsMax)
    faults.push(['pbmac1IterationsMax', `is above the ${CEILINGS.cmpPbmac1IterationsMax} that the code allows`]);
  return faults;
}
