/**
 * Holders and cards of decoded real certificates; `domain-facts.ts` has the certificates that are
 * expected for them.
 */

export const EXAMPLE_HOLDERS = {
  professional: {
    kind: 'professional',
    idNat: '810002813839',
    givenName: 'Amélie',
    surname: 'DOC0281383',
    profession: '60',
    title: 'Infirmier',
  },
  staff: {
    kind: 'staff',
    idNat: '30B0057881/CPET0002',
    givenName: 'Jeanne',
    surname: 'EMPLOYE0002',
    title: 'Personnel santé ou social',
    structure: { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Paris (75)' },
  },
  /**
   * CPA: a SIRET number, with the prefix 5 in the id of the person and 3 in that of the structure.
   */
  authorised: {
    kind: 'staff',
    idNat: '518751275100020/CPAT0001',
    givenName: 'Camille',
    surname: 'AUTORISE0001',
    title: 'Personnel autorisé',
    structure: { id: '318751275100020', name: 'STRUCTURE DE TEST', department: 'Paris (75)' },
  },
  organisation: {
    kind: 'organisation',
    application: 'INSI-MANU',
    structure: { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Rhône (69)' },
  },
  server: {
    kind: 'server',
    names: ['lps.example.org', 'lps-2.example.org'],
    structure: { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Rhône (69)' },
  },
  mailServer: {
    kind: 'server',
    names: ['mail.example.org'],
    emails: ['contact@mail.example.org', 'service@urgences.mail.example.org'],
    structure: { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Rhône (69)' },
  },
} as const;

/** The example holder for an order of this profile. */
export function exampleHolderOf(profile: string): keyof typeof EXAMPLE_HOLDERS {
  const use = profile.slice(profile.indexOf('/') + 1);
  if (use.startsWith('cps-')) return 'professional';
  if (use.startsWith('cpa-')) return 'authorised';
  if (use.startsWith('org-')) return 'organisation';
  if (use === 'serv-smime') return 'mailServer';
  return use === 'serv-ssl' ? 'server' : 'staff';
}

export const EXAMPLE_CARDS = {
  cps: { tokenId: '8025000001/2600301752', product: 'cps' },
  cpe: { tokenId: '8025000001/2600301752', product: 'cpe' },
  cpa: { tokenId: '8025000001/2600301752', product: 'cpa' },
} as const;
