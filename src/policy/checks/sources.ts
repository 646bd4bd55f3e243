/** Checks that every value that matters has a source, and that every source has its value. */
import { pointersOverlap, resolvePointer } from '../../kernel/json-pointer.js';
import { type Document, type FileNotes, faultIn, type PolicyDocuments } from '../load/documents.js';
import type { PolicyFault } from '../model.js';

const SOURCED = {
  environment: [
    '/names',
    '/addresses',
    '/policyOid',
    '/cardCategories',
    '/keyExceptions',
    '/lintExceptions',
    '/keyOriginRequired',
    '/luhnChecked',
    '/cardsOfOneHolder',
    '/duplicatesRefused',
    '/refusesOpposed',
    '/nameScripts',
    '/specialUseNames',
    '/certificatesPerHourCeiling',
    '/certificatesPerHourMax',
    '/durability',
    '/crl',
    '/ocspAnswers',
    '/orders',
    '/updates',
    '/enrolment',
  ],
  hierarchy: ['/authorityNames', '/generationSuffix'],
  authority: ['/commonName', '/keyType', '/validity', '/ocspSigner'],
  profile: [
    '/assurance',
    '/keyTypes',
    '/keyOrigin',
    '/container',
    '/validity',
    '/renewalWindow',
    '/subject',
    '/pseudonymSubject',
    '/keyUsage',
    '/extendedKeyUsage',
    '/subjectAltName',
    '/privateKeyUsagePeriod',
    '/gip',
    '/suspensionAllowed',
    '/identityAge',
    '/update',
    '/selfService',
    '/enrolment',
    '/certificatesPerHourMax',
  ],
  cardGenerations: ['/generations'],
} as const;

export function sourceFaults(documents: PolicyDocuments): readonly PolicyFault[] {
  const { environment, hierarchies, authorities, profiles, cardGenerations } = documents;
  return [
    ...faultsOf(environment, SOURCED.environment),
    ...hierarchies.flatMap((document) => faultsOf(document, SOURCED.hierarchy)),
    ...authorities.flatMap((document) => faultsOf(document, SOURCED.authority)),
    ...profiles.flatMap((document) => faultsOf(document, SOURCED.profile)),
    ...faultsOf(cardGenerations, SOURCED.cardGenerations),
  ];
}

const DAY = /\b20[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9])/;
const UNDATED = 'is a decision whose note does not say when (YYYY-MM-DD), by whom and why it was taken';

function faultsOf(document: Document<FileNotes>, expected: readonly string[]): readonly PolicyFault[] {
  const { sources, notes = {} } = document.body;
  const pointers = Object.keys(sources);
  const missing = expected
    .filter((pointer) => resolvePointer(document.body, pointer) !== undefined)
    .filter((pointer) => !pointers.some((given) => pointersOverlap(given, pointer)))
    .map((pointer) => faultIn(document, pointer, 'has no source (sources)'));
  const astray = (['sources', 'notes'] as const).flatMap((member) =>
    Object.keys(member === 'sources' ? sources : notes)
      .filter((pointer) => resolvePointer(document.body, pointer) === undefined)
      .map((pointer) => faultIn(document, `/${member}`, `${pointer} leads nowhere in this file`)),
  );
  const undated = pointers
    .filter((pointer) => sources[pointer] === 'decision' && !DAY.test(notes[pointer] ?? ''))
    .map((pointer) => faultIn(document, pointer, UNDATED));
  return [...missing, ...astray, ...undated];
}
