/** Mistakes in the key, the holder and what is asked for. */
import { csrWithWrongSignature, makeCsr, makeKey } from '../../../../support/service/csr.js';
import {
  bodyOf,
  cardBody,
  IDENTITY,
  nextNumber,
  professional,
  STRUCTURE,
  staff,
  tokenId,
} from '../../../../support/service/orders.js';
import { CERTIFICATES, CPS, cps, type Mistake, ORGANISATION, post, server, without } from './mistake.js';

export const IN_THE_KEY: readonly Mistake[] = [
  {
    what: 'sends the CSR without its PEM lines',
    ask: post(() => bodyOf(ORGANISATION, 'MIIBIjANBgkqhkiG9w0B')),
    status: 422,
    code: 'proof-of-possession-failed',
    pointer: '/csr',
    rule: 'request-is-pem',
    remedy: { en: /begin with a line -----BEGIN/, fr: /par une ligne -----BEGIN/ },
  },
  {
    what: 'sends a CSR that another key signed',
    ask: post(() => bodyOf(ORGANISATION, csrWithWrongSignature(makeKey()))),
    status: 422,
    code: 'proof-of-possession-failed',
    pointer: '/csr',
    rule: 'request-signature-verifies',
    remedy: { en: /sign it with the private key/, fr: /signez-la avec la clé privée/ },
  },
  {
    what: 'sends a short RSA key',
    ask: post(() => bodyOf(ORGANISATION, makeCsr(makeKey('rsa-1024')))),
    status: 422,
    code: 'key-rejected',
    pointer: '/csr',
    rule: 'key-type-allowed',
    remedy: { en: /allowed types: .*3072/, fr: /types admis : .*3072/ },
  },
  {
    what: 'uses one key for two holders',
    ask: async ({ cards }, send) => {
      const csr = makeCsr(makeKey());
      await cards.expect('POST', CERTIFICATES, { body: bodyOf(ORGANISATION, csr) });
      return send('POST', CERTIFICATES, { body: bodyOf(ORGANISATION, csr) });
    },
    status: 422,
    code: 'key-rejected',
    pointer: '/csr',
    rule: 'key-of-one-holder',
    remedy: { en: /make one for this holder/, fr: /générez-en une pour ce porteur/ },
  },
  {
    what: 'uses one key for both certificates of a card',
    ask: (_, send) => {
      const number = nextNumber();
      const csr = makeCsr(makeKey());
      const requests = ['fort/cps-authentication', 'fort/cps-signature'].map((profile) => ({ profile, csr }));
      const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
      return send('POST', path, { body: { ...cardBody(number), requests } });
    },
    status: 422,
    code: 'key-rejected',
    pointer: '/requests/1/csr',
    rule: 'key-differs',
    remedy: { en: /make a key for each/, fr: /générez une clé pour chacune/ },
  },
];

export const IN_THE_HOLDER: readonly Mistake[] = [
  {
    what: 'misspells a profile',
    ask: post(() => ({ ...bodyOf(ORGANISATION), profile: 'elementaire/org-auth' })),
    status: 422,
    code: 'policy-violated',
    pointer: '/profile',
    rule: 'profile-known',
    remedy: { en: /may use .*elementaire\/org-auth-cli/, fr: /peut utiliser : .*elementaire\/org-auth-cli/ },
  },
  {
    what: 'forgets the evidence of identity',
    ask: post(() => without(bodyOf(CPS), 'identity')),
    status: 422,
    code: 'policy-violated',
    pointer: '/identity',
    rule: 'identity-required',
    remedy: { en: /add identity/, fr: /ajoutez identity/ },
  },
  {
    what: 'dates the evidence in the future',
    ask: post(() => cps({ identity: { ...IDENTITY, verifiedAt: '2099-01-01T00:00:00Z' } })),
    status: 422,
    code: 'policy-violated',
    pointer: '/identity/verifiedAt',
    rule: 'identity-not-future',
    remedy: { en: /give the time of the verification/, fr: /donnez l'instant de la vérification/ },
  },
  {
    what: 'forgets the card',
    ask: post(() => without(bodyOf(CPS), 'card')),
    status: 422,
    code: 'policy-violated',
    pointer: '/card',
    rule: 'card-required',
    remedy: { en: /add card/, fr: /ajoutez card/ },
  },
  {
    what: 'names a card where the profile has none',
    ask: post(() => ({ ...bodyOf(ORGANISATION), card: { tokenId: tokenId(nextNumber()), product: 'cps' } })),
    status: 422,
    code: 'policy-violated',
    pointer: '/card',
    rule: 'card-unexpected',
    remedy: { en: /leave card out/, fr: /retirez card/ },
  },
  {
    what: 'sends the number of a card without its issuer',
    ask: post(() => cps({ card: { tokenId: '2600301752', product: 'cps' } })),
    status: 422,
    code: 'policy-violated',
    pointer: '/card/tokenId',
    rule: 'card-token-id',
    remedy: { en: /e\.g\. 8025000001\/2600301752/, fr: /par exemple 8025000001\/2600301752/ },
  },
  {
    what: 'sends an RPPS number without its type',
    ask: post(() => cps({ holder: { ...professional(nextNumber()), idNat: '10002813839' } })),
    status: 422,
    code: 'policy-violated',
    pointer: '/holder/idNat',
    rule: 'id-nat-form',
    remedy: { en: /8 and|takes type 8/, fr: /8 suivi|type 8/ },
  },
  {
    what: 'mistypes an RPPS number',
    ask: post(() => cps({ holder: { ...professional(nextNumber()), idNat: '810002813838' } })),
    status: 422,
    code: 'policy-violated',
    pointer: '/holder/idNat',
    rule: 'rpps-key',
    remedy: { en: /check the number/, fr: /vérifiez le numéro/ },
  },
  {
    what: 'gives staff the id of another structure',
    ask: post(() => ({
      ...bodyOf('standard/cpe-authentication'),
      holder: { ...staff(nextNumber()), structure: { ...STRUCTURE, id: '10B0221636' } },
    })),
    status: 422,
    code: 'policy-violated',
    pointer: '/holder/idNat',
    rule: 'id-nat-structure',
    remedy: { en: /belongs to the structure .*its staff have/, fr: /appartient à la structure .*son personnel a/ },
  },
  {
    what: 'gives a professional the title of another profession',
    ask: post(() => cps({ holder: { ...professional(nextNumber()), title: 'Pharmacien' } })),
    status: 422,
    code: 'policy-violated',
    pointer: '/holder/title',
    rule: 'profession-title',
    remedy: { en: /10 is Médecin/, fr: /10 est Médecin/ },
  },
  {
    what: 'writes the department without its number',
    ask: post(() => ({
      ...bodyOf(ORGANISATION),
      holder: { kind: 'organisation', application: 'A', structure: { ...STRUCTURE, department: 'Paris' } },
    })),
    status: 422,
    code: 'policy-violated',
    pointer: '/holder/structure/department',
    rule: 'department-form',
    remedy: { en: /e\.g\. Paris \(75\)/, fr: /par exemple Paris \(75\)/ },
  },
  {
    what: 'uses the profile of another kind of holder',
    ask: post(() => ({ ...bodyOf(ORGANISATION), holder: staff(nextNumber()) })),
    status: 422,
    code: 'policy-violated',
    pointer: '/holder/kind',
    rule: 'holder-kind',
    remedy: { en: /for holders of the kind organisation/, fr: /porteurs de type organisation/ },
  },
  {
    what: 'asks for a wildcard',
    ask: post(() => server('*.example.org')),
    status: 422,
    code: 'policy-violated',
    pointer: '/holder/names/0',
    rule: 'server-name-wildcard',
    remedy: { en: /give each name in full/, fr: /donnez chaque nom en entier/ },
  },
  {
    what: 'asks for an address',
    ask: post(() => server('192.0.2.7')),
    status: 422,
    code: 'policy-violated',
    pointer: '/holder/names/0',
    rule: 'server-name-address',
    remedy: { en: /certificates name servers/, fr: /par leur nom/ },
  },
  {
    what: 'asks for a longer life than the profile has',
    ask: post(() => ({ ...bodyOf(ORGANISATION), validity: { notAfter: '2040-01-01T00:00:00Z' } })),
    status: 422,
    code: 'policy-violated',
    pointer: '/validity/notAfter',
    rule: 'validity-within-profile',
    remedy: { en: /must be \S+ or before/, fr: /doit être le \S+ ou avant/ },
  },
];
