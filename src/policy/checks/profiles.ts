/** Checks of profiles that a schema cannot express, and bounds that no file may exceed. */
import { DAY_MS, parseDuration } from '../../kernel/duration.js';
import type { HolderKeyType } from '../../x509/model.js';
import { CEILINGS } from '../ceilings.js';
import {
  type AuthorityFile,
  type Document,
  type EnvironmentFile,
  faultIn,
  locationOf,
  type PolicyDocuments,
  type ProfileFile,
} from '../load/documents.js';
import type { ExtendedKeyUsage, KeyUsageBit, PolicyFault } from '../model.js';
import { isOwnSigner } from '../own-signers.js';
import { keyUsageFor } from '../plan/key-usage.js';
import { subjectFaults } from './subjects.js';

/**
 * The key usages that are consistent with each purpose (RFC 5280 4.2.1.12). At least one of them
 * must be present.
 */
const USAGES_OF: Readonly<Record<ExtendedKeyUsage, readonly KeyUsageBit[]>> = {
  serverAuth: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  clientAuth: ['digitalSignature', 'keyAgreement'],
  emailProtection: ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement'],
  smartcardLogon: ['digitalSignature'],
  ocspSigning: ['digitalSignature', 'nonRepudiation'],
  cmcCa: ['digitalSignature', 'nonRepudiation'],
};

export function profileFaults(documents: PolicyDocuments): readonly PolicyFault[] {
  return documents.profiles.flatMap((document) => {
    const authority = documents.authorities.find(({ body }) => body.id === document.body.authority)?.body;
    return [
      ...placeFaults(document, authority),
      ...usageFaults(document),
      ...ceilingFaults(document),
      ...holderFaults(document),
      ...lifeFaults(document, authority),
      ...cardFaults(document),
      ...responderFaults(document, authority, documents.environment.body),
      ...cmpSignerFaults(document, documents),
      ...subjectFaults(document),
    ];
  });
}

function placeFaults(document: Document<ProfileFile>, authority: AuthorityFile | undefined): readonly PolicyFault[] {
  const { hierarchy, name } = locationOf(document);
  const { body } = document;
  const faults: PolicyFault[] = [];
  if (body.id !== `${hierarchy}/${name}`) faults.push(faultIn(document, '/id', 'is not the path of the file'));
  if (body.hierarchy !== hierarchy) faults.push(faultIn(document, '/hierarchy', 'is not the name of its folder'));
  if (authority === undefined) faults.push(faultIn(document, '/authority', `there is no authority ${body.authority}`));
  else if (authority.hierarchy !== hierarchy)
    faults.push(faultIn(document, '/authority', 'is of another hierarchy: they never touch'));
  else if (authority.kind !== 'issuing')
    faults.push(faultIn(document, '/authority', 'is a root: it signs authorities only'));
  return faults;
}

function usageFaults(document: Document<ProfileFile>): readonly PolicyFault[] {
  const { keyUsage, extendedKeyUsage, subjectAltName, privateKeyUsagePeriod } = document.body;
  const faults = extendedKeyUsage.flatMap((purpose, at) =>
    USAGES_OF[purpose].some((bit) => keyUsage.includes(bit))
      ? []
      : [faultIn(document, `/extendedKeyUsage/${at}`, `needs one of ${USAGES_OF[purpose].join(', ')} in keyUsage`)],
  );
  if (extendedKeyUsage.includes('smartcardLogon') && subjectAltName !== 'upn')
    faults.push(faultIn(document, '/subjectAltName', 'smartcardLogon needs a user principal name'));
  if (extendedKeyUsage.includes('serverAuth') && subjectAltName !== 'dns')
    faults.push(faultIn(document, '/subjectAltName', "serverAuth needs the server's names (RFC 9525 section 2)"));
  if (privateKeyUsagePeriod && !keyUsage.includes('nonRepudiation'))
    faults.push(faultIn(document, '/privateKeyUsagePeriod', 'is for signature profiles'));
  return [...faults, ...keyTypeFaults(document)];
}

function keyTypeFaults(document: Document<ProfileFile>): readonly PolicyFault[] {
  return document.body.keyTypes.flatMap((keyType, at) => {
    const message = keyUsageFault(document.body, keyType);
    return message === null ? [] : [faultIn(document, `/keyTypes/${at}`, message)];
  });
}

/**
 * A holder who chooses another type of key must be able to do the same with it: nobody could
 * encrypt mail to an EC key whose certificate has neither keyEncipherment nor keyAgreement. null:
 * the profile can certify keys of this type.
 */
export function keyUsageFault(
  profile: Pick<ProfileFile, 'keyUsage' | 'extendedKeyUsage'>,
  keyType: HolderKeyType,
): string | null {
  const encrypts = ({ keyUsage }: Pick<ProfileFile, 'keyUsage'>): boolean =>
    keyUsage.some((bit) => bit === 'keyEncipherment' || bit === 'keyAgreement');
  const isForEncryptedMail = profile.extendedKeyUsage.includes('emailProtection') && encrypts(profile);
  const keyUsage = keyUsageFor(profile, keyType);
  if (keyUsage.length === 0) return 'has none of the usages in keyUsage';
  if (!isForEncryptedMail || encrypts({ keyUsage })) return null;
  const usage = keyType.startsWith('rsa-') ? 'keyEncipherment' : 'keyAgreement';
  return `mail cannot be encrypted to it without ${usage} in keyUsage`;
}

/** Checks the bounds in code, which no file may exceed whatever its schema allows. */
function ceilingFaults(document: Document<ProfileFile>): readonly PolicyFault[] {
  const { keyUsage, extendedKeyUsage, holder, validity, hierarchy, assurance, keyTypes, keyOrigin } = document.body;
  const faults: PolicyFault[] = [];
  for (const [at, keyType] of keyTypes.entries())
    if (keyType === 'rsa-2048')
      faults.push(
        faultIn(
          document,
          `/keyTypes/${at}`,
          'an RSA key of less than 3000 bits needs a dated exception of the environment',
        ),
      );
  for (const [at, bit] of keyUsage.entries())
    if (bit === 'keyCertSign' || bit === 'cRLSign')
      faults.push(faultIn(document, `/keyUsage/${at}`, `${bit} is for authorities, which have no profile`));
  if (holder !== 'responder' && extendedKeyUsage.includes('ocspSigning'))
    faults.push(faultIn(document, '/extendedKeyUsage', 'ocspSigning is for responders alone'));
  if (holder !== 'cmp-signer' && extendedKeyUsage.includes('cmcCa'))
    faults.push(faultIn(document, '/extendedKeyUsage', 'cmcCa is for CMP signers alone'));
  const years = 'years' in validity ? validity.years : validity.days / 365.25;
  if (holder !== 'responder' && years > CEILINGS.endEntityYearsMax)
    faults.push(
      faultIn(document, '/validity', `is more than the ${CEILINGS.endEntityYearsMax} years that the code allows`),
    );
  if (hierarchy === 'fort' && !isOwnSigner(holder) && (assurance === null || assurance === 'low'))
    faults.push(faultIn(document, '/assurance', 'FORT requires identity evidence of at least substantial assurance'));
  if (hierarchy === 'fort' && !isOwnSigner(holder) && (!keyOrigin.required || keyOrigin.origins.includes('software')))
    faults.push(
      faultIn(document, '/keyOrigin', 'FORT requires the origin of the key, and accepts no key made in software'),
    );
  return faults;
}

function holderFaults(document: Document<ProfileFile>): readonly PolicyFault[] {
  const { holder, cardProducts, gip, subjectAltName, assurance, pseudonymSubject, suspensionAllowed } = document.body;
  const { container, keyOrigin } = document.body;
  const { origins } = keyOrigin;
  const faults: PolicyFault[] = [];
  const refuse = (pointer: string, message: string) => faults.push(faultIn(document, pointer, message));
  const person = holder === 'professional' || holder === 'staff';
  if (cardProducts !== null && !person) refuse('/cardProducts', 'only persons have cards');
  if ((gip.category === 'card') !== (cardProducts !== null))
    refuse('/gip/category', 'must be card if and only if cardProducts names products');
  if (gip.category === 'card' && origins.join() !== 'card')
    refuse('/keyOrigin/origins', 'must be card alone, because the certificate says that its key is on a card');
  if (cardProducts === null && gip.cardType) refuse('/gip/cardType', 'there is no card');
  if (cardProducts === null && gip.cardId) refuse('/gip/cardId', 'there is no card');
  if (cardProducts === null && container !== undefined) refuse('/container', 'there is no card');
  if (gip.profession && holder !== 'professional') refuse('/gip/profession', 'only professionals have a profession');
  if (subjectAltName === 'upn' && !person) refuse('/subjectAltName', 'only persons have a user principal name');
  if (subjectAltName === 'dns' && holder !== 'server') refuse('/subjectAltName', 'only servers have DNS names');
  if (subjectAltName === 'email' && holder !== 'server')
    refuse('/subjectAltName', 'only servers have e-mail addresses');
  if (assurance !== null && isOwnSigner(holder)) refuse('/assurance', `a ${holder} has no identity evidence`);
  if (pseudonymSubject !== null && holder !== 'staff')
    refuse('/pseudonymSubject', 'only service cards of a structure are non-nominative');
  if (suspensionAllowed !== 'never' && isOwnSigner(holder))
    refuse('/suspensionAllowed', `a ${holder} is never suspended`);
  return faults;
}

function lifeFaults(document: Document<ProfileFile>, authority: AuthorityFile | undefined): readonly PolicyFault[] {
  const { validity, renewalWindow, holder } = document.body;
  const days = 'years' in validity ? validity.years * 365.25 : validity.days;
  const faults: PolicyFault[] = [];
  if (renewalWindow !== undefined && isOwnSigner(holder))
    faults.push(faultIn(document, '/renewalWindow', `the certificate of a ${holder} has no renewal window`));
  if (renewalWindow !== undefined && renewalWindow.days >= days)
    faults.push(faultIn(document, '/renewalWindow/days', 'is not shorter than the validity'));
  if (authority === undefined) return faults;
  const authorityDays = authority.validity.years * 365.25 - authority.validity.daysLess;
  if (days >= authorityDays)
    faults.push(faultIn(document, '/validity', 'does not fit in the validity of its authority'));
  return faults;
}

/** Checks what a profile says about updates, about self-service and about evidence of identity. */
function cardFaults(document: Document<ProfileFile>): readonly PolicyFault[] {
  const {
    holder,
    cardProducts,
    assurance,
    update,
    selfService = [],
    identityAge = {},
    extendedKeyUsage,
  } = document.body;
  const faults: PolicyFault[] = [];
  const refuse = (pointer: string, message: string) => faults.push(faultIn(document, pointer, message));
  const duration = (pointer: string, text: string, msMax: number): void => {
    const parsed = parseDuration(text);
    if (!parsed.ok || parsed.value <= 0) refuse(pointer, 'is not a duration above zero');
    else if (parsed.value > msMax) refuse(pointer, `is longer than the ${msMax / DAY_MS} days that the code allows`);
  };
  if (update !== undefined) {
    if (cardProducts === null) refuse('/update', 'there is no card');
    duration('/update/confirmWithin', update.confirmWithin, CEILINGS.updateConfirmMsMax);
    duration('/update/overlap', update.overlap, CEILINGS.overlapMsMax);
  }
  for (const [purpose, age] of Object.entries(identityAge))
    duration(`/identityAge/${purpose}`, age, Number.POSITIVE_INFINITY);
  if (assurance === null && document.body.identityAge !== undefined)
    refuse('/identityAge', 'no evidence of identity is required');
  if (isOwnSigner(holder) && selfService.length > 0) refuse('/selfService', `a ${holder} does nothing by itself`);
  const updates = update !== undefined && extendedKeyUsage.includes('clientAuth');
  for (const [at, action] of selfService.entries())
    if (!updates && action.endsWith('-update'))
      refuse(`/selfService/${at}`, 'is for the authentication certificate of a card that can be updated');
  return faults;
}

function responderFaults(
  document: Document<ProfileFile>,
  authority: AuthorityFile | undefined,
  environment: EnvironmentFile,
): readonly PolicyFault[] {
  const { holder, ocspNoCheck, extendedKeyUsage, keyUsage, keyTypes, validity } = document.body;
  if (holder !== 'responder') return ocspNoCheck ? [faultIn(document, '/ocspNoCheck', 'is for responders alone')] : [];
  const faults: PolicyFault[] = [];
  const refuse = (pointer: string, message: string) => faults.push(faultIn(document, pointer, message));
  if (!ocspNoCheck) refuse('/ocspNoCheck', 'a responder certificate without a status needs ocsp-nocheck');
  if (extendedKeyUsage.join() !== 'ocspSigning')
    refuse('/extendedKeyUsage', 'a responder has one purpose (RFC 6960 4.2.2.2)');
  if (keyUsage.join() !== 'digitalSignature') refuse('/keyUsage', 'a responder signs answers and nothing else');
  if (!('days' in validity) || validity.days > CEILINGS.responderDaysMax)
    refuse('/validity', `is days, at most ${CEILINGS.responderDaysMax}`);
  const signer = authority?.ocspSigner;
  const exceptionTypes = environment.keyExceptions
    .filter(({ profiles }) => profiles.includes('*') || profiles.includes(document.body.id))
    .map(({ keyType }) => keyType);
  if (signer && !keyTypes.includes(signer.keyType) && !exceptionTypes.includes(signer.keyType))
    refuse('/keyTypes', 'do not include the first responder key type of the authority file');
  // Ceremonies make keys of further types only where they are allowed. An rsa-2048 key may need an
  // exception of the environment, so the profile need not list this type.
  if (signer?.others?.some((keyType) => keyType !== 'rsa-2048' && !keyTypes.includes(keyType)))
    refuse('/keyTypes', 'do not include a further responder key type of the authority file');
  if (signer && 'days' in validity && validity.days !== signer.validityDays)
    refuse('/validity/days', 'differs from the authority file');
  return faults;
}

/**
 * RFC 9810 4.5: a certificate of the CA with id-kp-cmcCA, on a key of the platform token, which
 * signs with ECDSA on P-256. Its status is published, so that it can be revoked.
 */
function cmpSignerFaults(document: Document<ProfileFile>, { profiles }: PolicyDocuments): readonly PolicyFault[] {
  const { id, holder, authority, extendedKeyUsage, keyUsage, keyTypes } = document.body;
  if (holder !== 'cmp-signer') return [];
  const faults: PolicyFault[] = [];
  const refuse = (pointer: string, message: string) => faults.push(faultIn(document, pointer, message));
  if (extendedKeyUsage.join() !== 'cmcCa') refuse('/extendedKeyUsage', 'a CMP signer has one purpose: cmcCa');
  if (keyUsage.join() !== 'digitalSignature') refuse('/keyUsage', 'a CMP signer signs answers and nothing else');
  if (keyTypes.join() !== 'p-256') refuse('/keyTypes', 'the key of a CMP signer is of the type p-256');
  const others = profiles.filter(({ body }) => body.holder === 'cmp-signer' && body.authority === authority);
  if (others.some(({ body }) => body.id !== id)) refuse('/authority', 'has another profile of CMP signers');
  return faults;
}
