/**
 * Keeps environments apart. Production rejects everything that belongs to development, and every
 * value that is an assumption: an officer must decide it first. Development has its mark in every
 * name and on every card.
 */
import { CEILINGS } from '../ceilings.js';
import {
  type Document,
  type EnvironmentFile,
  type FileNotes,
  faultIn,
  type PolicyDocuments,
} from '../load/documents.js';
import type { PolicyFault } from '../model.js';

/** Certificate policies that no production certificate may claim. */
const NOT_FOR_PRODUCTION = [
  { prefix: '1.2.250.1.213.1.7.2.', why: 'is the policy of the TEST hierarchy' },
  { prefix: '2.999.', why: 'is an example (ITU-T X.660), not a policy' },
] as const;

export function markFaults(documents: PolicyDocuments): readonly PolicyFault[] {
  const { environment, authorities, profiles } = documents;
  const caps = capFaults(environment, [environment, ...profiles]);
  if (environment.body.mark === 'development') return [...developmentFaults(environment), ...caps];
  const keys = authorities
    .filter(({ body }) => body.keyType === 'rsa-2048')
    .map((authority) => faultIn(authority, '/keyType', 'no authority has an RSA key under 3000 bits (TS 119 312)'));
  return [...filesWithSources(documents).flatMap(assumptionFaults), ...productionFaults(environment), ...caps, ...keys];
}

/** Code lists have a publisher instead of sources. */
function filesWithSources(documents: PolicyDocuments): readonly Document<FileNotes>[] {
  const { environment, hierarchies, authorities, profiles, cardGenerations } = documents;
  return [environment, ...hierarchies, ...authorities, ...profiles, cardGenerations];
}

/** Begins the message about each value that an officer must still decide. */
export const ASSUMED = 'is an assumption that an officer must decide before production';

function assumptionFaults(document: Document<FileNotes>): readonly PolicyFault[] {
  const { notes = {} } = document.body;
  return assumptionsOf(document).map((pointer) => {
    const note = notes[pointer] === undefined ? '' : `: ${notes[pointer]}`;
    return faultIn(document, pointer, `${ASSUMED}${note}`);
  });
}

function assumptionsOf({ body }: Document<FileNotes>): readonly string[] {
  return Object.keys(body.sources).filter((pointer) => body.sources[pointer] === 'assumption');
}

/** Leaves out the faults at a value that an officer must still decide, and at its parts. */
export function faultsBesidesOpen(documents: PolicyDocuments, faults: readonly PolicyFault[]): readonly PolicyFault[] {
  if (documents.environment.body.mark === 'development') return faults;
  const open = new Map(filesWithSources(documents).map((document) => [document.file, assumptionsOf(document)]));
  const isOpen = ({ file, pointer }: PolicyFault): boolean =>
    (open.get(file) ?? []).some((at) => pointer === at || pointer.startsWith(`${at}/`));
  return faults.filter((fault) => !isOpen(fault));
}

/**
 * Rejects caps that are too high to bound the damage of a compromised service: officers choose the
 * ceiling, and the code bounds it in production.
 */
function capFaults(
  environment: Document<EnvironmentFile>,
  documents: readonly Document<{ readonly certificatesPerHourMax?: number }>[],
): readonly PolicyFault[] {
  const { mark, certificatesPerHourCeiling: most } = environment.body;
  const bound = CEILINGS.certificatesPerHourMax;
  const tooHigh = `is more than the ${bound} that the code allows`;
  return [
    ...(mark === 'production' && most > bound ? [faultIn(environment, '/certificatesPerHourCeiling', tooHigh)] : []),
    ...documents
      .filter(({ body }) => (body.certificatesPerHourMax ?? 0) > most)
      .map((document) => faultIn(document, '/certificatesPerHourMax', `is more than the ceiling of ${most}`)),
  ];
}

function productionFaults(environment: Document<EnvironmentFile>): readonly PolicyFault[] {
  const { names, addresses, policyOid, cardCategories, luhnChecked, cardsOfOneHolder, ...rest } = environment.body;
  const faults: PolicyFault[] = [];
  const refuse = (pointer: string, message: string) => faults.push(faultIn(environment, pointer, message));
  for (const [member, name] of Object.entries(names))
    if (/test/i.test(name)) refuse(`/names/${member}`, 'is a name of the TEST hierarchy');
  for (const [member, octet] of Object.entries(cardCategories))
    if (octet.startsWith('8')) refuse(`/cardCategories/${member}`, 'is a category of test cards');
  for (const { prefix, why } of NOT_FOR_PRODUCTION)
    if (`${policyOid}.`.startsWith(prefix)) refuse('/policyOid', `${policyOid} ${why}`);
  for (const [member, address] of Object.entries(addresses))
    if (typeof address === 'string' && isLocal(address))
      refuse(`/addresses/${member}`, 'is an address of the local machine');
  if (rest.developmentAccounts) refuse('/developmentAccounts', 'accounts and secrets of development are not accepted');
  if (!luhnChecked) refuse('/luhnChecked', 'only test data may have wrong check digits');
  if (!cardsOfOneHolder) refuse('/cardsOfOneHolder', 'only test cards change holders');
  if (!rest.refusesOpposed) refuse('/refusesOpposed', 'only test cards are used again after their end');
  if (rest.renewalAnyTime) refuse('/renewalAnyTime', 'the profiles say when certificates are renewed');
  if (!rest.keyOriginRequired)
    refuse('/keyOriginRequired', 'only requests for test cards may leave out the origin of the key');
  if (rest.specialUseNames.length > 0) refuse('/specialUseNames', 'nobody owns a name in a special-use domain');
  if (rest.ipAddressNames.length > 0) refuse('/ipAddressNames', 'no server certificate has an IP address');
  if (rest.suspensionAlsoFor.length > 0)
    refuse('/suspensionAlsoFor', 'the profiles say whether certificates are suspended');
  return faults;
}

function developmentFaults(environment: Document<EnvironmentFile>): readonly PolicyFault[] {
  const { names, cardCategories } = environment.body;
  const faults: PolicyFault[] = [];
  for (const [member, name] of Object.entries(names))
    if (!name.includes('TEST')) faults.push(faultIn(environment, `/names/${member}`, 'does not contain TEST'));
  for (const [member, octet] of Object.entries(cardCategories))
    if (!octet.startsWith('8'))
      faults.push(faultIn(environment, `/cardCategories/${member}`, 'is a category of real cards'));
  return faults;
}

function isLocal(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname.startsWith('127.') || hostname === '0.0.0.0' || hostname === '[::1]';
}
