/**
 * A valid order for each kind of holder, to show what a profile makes of it: an example
 * professional, and the agency that publishes the numbers. It is valid in every environment and is
 * never sent.
 */
import type { CertificateOrder, Holder, Profile } from '../model.js';

const STRUCTURE = { id: '2187512751', name: 'AGENCE DU NUMERIQUE EN SANTE', department: 'Paris (75)' } as const;

export function sampleOrder(profile: Profile, now: number): CertificateOrder {
  const [product] = profile.cardProducts ?? [];
  const verifiedAt = `${new Date(now - (now % 86_400_000)).toISOString().slice(0, 19)}Z`;
  return {
    profile: profile.id,
    holder: sampleHolder(profile),
    card: product === undefined ? null : { tokenId: '8025000001/0000000001', product },
    identity:
      profile.assurance === null
        ? null
        : { assurance: profile.assurance, source: 'EXEMPLE', reference: 'exemple-1', verifiedAt },
    keyOrigin: profile.keyOrigin.origins[0] ?? null,
    validity: { notBefore: null, notAfter: null },
  };
}

function sampleHolder({ holder, subjectAltName }: Profile): Holder {
  switch (holder) {
    case 'professional':
      return {
        kind: holder,
        idNat: '810002813839',
        givenName: 'Amélie',
        surname: 'EXEMPLE',
        profession: '10',
        title: 'Médecin',
      };
    case 'staff':
      return {
        kind: holder,
        idNat: '4187512751/EXEMPLE1',
        givenName: 'Claude',
        surname: 'EXEMPLE',
        title: 'Personnel santé ou social',
        structure: STRUCTURE,
      };
    case 'organisation':
      return { kind: holder, application: 'EXEMPLE', structure: STRUCTURE };
    default:
      return subjectAltName === 'email'
        ? {
            kind: 'server',
            names: ['mail.esante.gouv.fr'],
            emails: ['contact@mail.esante.gouv.fr'],
            structure: STRUCTURE,
          }
        : { kind: 'server', names: ['serveur.esante.gouv.fr'], structure: STRUCTURE };
  }
}
