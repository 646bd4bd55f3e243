/**
 * Checks of hierarchies and authorities that a schema cannot express: folders, issuers, validity,
 * names, responders.
 */
import { ATTRIBUTE_CHARACTERS_MAX, CEILINGS, GENERATIONS_MAX } from '../ceilings.js';
import { type AuthorityFile, type Document, faultIn, locationOf, type PolicyDocuments } from '../load/documents.js';
import { HIERARCHIES, type PolicyFault } from '../model.js';

export function authorityFaults(documents: PolicyDocuments): readonly PolicyFault[] {
  const { hierarchies, authorities } = documents;
  const faults: PolicyFault[] = [];
  for (const document of hierarchies)
    if (locationOf(document).hierarchy !== document.body.id)
      faults.push(faultIn(document, '/id', 'is not the name of its folder'));
  for (const id of HIERARCHIES) {
    const roots = authorities.filter(({ body }) => body.hierarchy === id && body.kind === 'root');
    if (roots.length !== 1)
      faults.push({ file: `${id}/authorities`, pointer: '', message: `has ${roots.length} roots instead of one` });
  }
  for (const document of authorities) faults.push(...faultsOfOne(document, documents));
  return faults;
}

function faultsOfOne(document: Document<AuthorityFile>, documents: PolicyDocuments): readonly PolicyFault[] {
  const { body } = document;
  const place = locationOf(document);
  const faults: PolicyFault[] = [];
  const refuse = (pointer: string, message: string) => faults.push(faultIn(document, pointer, message));
  if (place.name !== body.id) refuse('/id', 'is not the name of the file');
  if (place.hierarchy !== body.hierarchy) refuse('/hierarchy', 'is not the name of its folder');
  const others = documents.authorities.filter((other) => other.file !== document.file);
  if (others.some((other) => other.body.id === body.id)) refuse('/id', 'is the id of another authority too');
  if (others.some((other) => other.body.commonName === body.commonName))
    refuse('/commonName', 'is the name of another authority too');
  if (longestName(body, documents) > ATTRIBUTE_CHARACTERS_MAX.commonName)
    refuse('/commonName', 'is longer than RFC 5280 allows once the environment and a generation are added');
  if (body.validity.years > CEILINGS.authorityYearsMax)
    refuse('/validity/years', `is more than the ${CEILINGS.authorityYearsMax} years that the code allows`);
  if (body.ocspSigner !== null && body.ocspSigner.validityDays > CEILINGS.responderDaysMax)
    refuse('/ocspSigner/validityDays', `is more than the ${CEILINGS.responderDaysMax} days that the code allows`);
  if (body.ocspSigner?.others?.includes(body.ocspSigner.keyType))
    refuse('/ocspSigner/others', 'has the key type of the first responder again');
  return [...faults, ...kinFaults(document, documents)];
}

function kinFaults(document: Document<AuthorityFile>, documents: PolicyDocuments): readonly PolicyFault[] {
  const { body } = document;
  if (body.kind === 'root') {
    const faults: PolicyFault[] = [];
    if (body.issuer !== body.id) faults.push(faultIn(document, '/issuer', 'a root is its own issuer'));
    if (body.ocspSigner !== null)
      faults.push(
        faultIn(document, '/ocspSigner', 'a root has no responder: its key is never in reach of the service'),
      );
    return faults;
  }
  const faults: PolicyFault[] = [];
  const root = documents.authorities.find((other) => other.body.id === body.issuer)?.body;
  if (root === undefined) faults.push(faultIn(document, '/issuer', `there is no authority ${body.issuer}`));
  else if (root.kind !== 'root' || root.hierarchy !== body.hierarchy)
    faults.push(faultIn(document, '/issuer', 'is not the root of the same hierarchy'));
  else if (daysOf(body) >= daysOf(root)) faults.push(faultIn(document, '/validity', 'does not end before its root'));
  if (body.ocspSigner === null) faults.push(faultIn(document, '/ocspSigner', 'an issuing authority has a responder'));
  const responders = documents.profiles.filter((one) => one.body.authority === body.id && one.body.ocspNoCheck);
  if (responders.length !== 1)
    faults.push(faultIn(document, '/id', `has ${responders.length} OCSP-signing profiles instead of one`));
  return faults;
}

/** The result is precise enough to compare validities that differ by a day. */
function daysOf({ validity }: AuthorityFile): number {
  return validity.years * 365.25 - validity.daysLess;
}

function longestName({ commonName, hierarchy, kind }: AuthorityFile, documents: PolicyDocuments): number {
  const suffix = documents.hierarchies.find(({ body }) => body.id === hierarchy)?.body.generationSuffix ?? '';
  const generation = suffix.replace('{generation}', String(GENERATIONS_MAX));
  const responder = kind === 'issuing' ? 'OCSP ' : '';
  return `${documents.environment.body.names.commonNamePrefix}${responder}${commonName}${generation}`.length;
}
