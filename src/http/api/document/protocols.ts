/**
 * Lists the protocols beside REST: CMP and EST. OpenAPI cannot describe their messages, so
 * `/openapi.json` lists their addresses as `x-protocols`, and `/docs` shows them on a page.
 */
import { OPERATION_LABELS } from '../../../cmp/labels.js';
import type { ProtocolEntry } from '../../../console/reference/model.js';
import type { Bilingual } from '../../../kernel/bilingual.js';
import { CMP_PATHS, CMP_TYPE } from '../../cmp/paths.js';
import { estPaths } from '../../est/paths.js';

const [CMP_ALL, CMP_LABEL, CMP_PROFILE, CMP_BOTH] = CMP_PATHS;

function estCalls(method: 'GET' | 'POST', operation: string, purpose: Bilingual): ProtocolEntry['calls'] {
  return estPaths(operation).map((path) => ({ method, path, purpose }));
}

export const PROTOCOLS: readonly ProtocolEntry[] = [
  {
    id: 'cmp',
    title: { fr: 'CMP', en: 'CMP' },
    standards: ['RFC 9810', 'RFC 9811', 'RFC 9481', 'RFC 9483'],
    mediaType: CMP_TYPE,
    description: {
      fr: "À cette adresse, et en HTTP sur le port 8081 (listen.cmp). Les messages portent leur propre protection : signature d'un certificat, ou code d'authentification (MAC) calculé avec le secret d'un enregistrement ; aucun certificat client n'est lu. Une réponse 200 est un PKIMessage, même pour un refus, qui dit sa raison par failInfo et en anglais.",
      en: 'At this address, and over HTTP on port 8081 (listen.cmp). Messages carry their own protection: the signature of a certificate, or a MAC made with the secret of a registration; no client certificate is read. An answer 200 is a PKIMessage, also when it refuses, with the reason as failInfo and in English.',
    },
    calls: [
      {
        method: 'POST',
        path: CMP_ALL,
        purpose: {
          fr: "tout message ; l'en-tête (certProfile), le certificat ou l'enregistrement désigne le profil",
          en: 'any message; its header (certProfile), the certificate or the registration says the profile',
        },
      },
      {
        method: 'POST',
        path: CMP_PROFILE,
        purpose: {
          fr: 'tout message pour ce profil, avec ~ pour la barre oblique de son identifiant',
          en: 'any message for this profile, with ~ for the slash of its id',
        },
      },
      ...[CMP_LABEL, CMP_BOTH].map((path) => ({
        method: 'POST' as const,
        path,
        purpose: { fr: 'les messages de cette opération', en: 'the messages of this operation' },
      })),
    ],
    labels: Object.keys(OPERATION_LABELS),
  },
  {
    id: 'est',
    title: { fr: 'EST', en: 'EST' },
    standards: ['RFC 7030', 'RFC 8951', 'RFC 9908'],
    mediaType: null,
    description: {
      fr: "À cette adresse. Le client présente le certificat d'un compte, un certificat que son profil autorise à se renouveler, ou la référence et le secret d'un enregistrement (HTTP Basic). Les refus sont du texte, dans la langue demandée.",
      en: 'At this address. The client presents the certificate of an account, a certificate whose profile lets it renew itself, or the reference and the secret of a registration (HTTP Basic). Refusals are text, in the language that was asked for.',
    },
    calls: [
      ...estCalls('GET', 'cacerts', { fr: 'les certificats des AC', en: 'the certificates of the CAs' }),
      ...estCalls('GET', 'csrattrs', { fr: 'ce que la CSR doit contenir', en: 'what the CSR is to contain' }),
      ...estCalls('POST', 'simpleenroll', { fr: 'un certificat', en: 'a certificate' }),
      ...estCalls('POST', 'simplereenroll', {
        fr: 'le renouvellement du certificat qui appelle',
        en: 'the renewal of the certificate that calls',
      }),
    ],
    labels: [],
  },
];
