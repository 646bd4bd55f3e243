/** Texts about EST (RFC 7030): bodies, labels, and what authenticates an enrolment. */
import type { Bilingual } from '../kernel/bilingual.js';

export const EST_RULES = {
  'est-body': {
    fr: "le corps n'est pas en base64 (RFC 4648, section 4) ; il doit être la demande PKCS#10 en DER, codée en base64",
    en: 'the body is not base64 (RFC 4648 section 4); it must be the PKCS#10 in DER, encoded in base64',
  },
  'est-body/empty': {
    fr: 'le corps est vide ; il doit être la demande PKCS#10 en DER, codée en base64',
    en: 'the body is empty; it must be the PKCS#10 in DER, encoded in base64',
  },
  'est-body/pem': {
    fr: 'le corps est en PEM ; envoyez la base64 sans les lignes BEGIN et END (RFC 8951, section 3)',
    en: 'the body is PEM; send the base64 without the BEGIN and END lines (RFC 8951 section 3)',
  },
  'est-body/der': {
    fr: 'le corps est en DER binaire ; codez-le en base64 (RFC 8951, section 3)',
    en: 'the body is binary DER; encode it in base64 (RFC 8951 section 3)',
  },
  'est-label': {
    fr: "aucun profil ouvert à EST ne porte l'étiquette {label} ; étiquettes possibles : {labels}",
    en: 'no profile that EST may enrol has the label {label}; the labels are {labels}',
  },
  'est-label/needed': {
    fr: "l'adresse doit nommer un profil : /.well-known/est/ETIQUETTE/... ; étiquettes possibles : {labels}",
    en: 'the path must name a profile, /.well-known/est/LABEL/...; the labels are {labels}',
  },
  'est-basic': {
    fr: "la référence et le secret de l'en-tête Authorization ne sont pas valables : ont-ils expiré, ou été remplacés ?",
    en: 'the reference and secret of the Authorization header are not valid: have they expired, or been replaced?',
  },
  'est-basic/form': {
    fr: "l'en-tête Authorization doit être Basic, suivi de la base64 de REFERENCE:SECRET (RFC 7617)",
    en: 'the Authorization header must be Basic and the base64 of REFERENCE:SECRET (RFC 7617)',
  },
  'est-authentication': {
    fr: "présentez le certificat client d'un compte, ou une référence et un secret par HTTP Basic",
    en: 'present the client certificate of an account, or a reference and a secret by HTTP Basic',
  },
  'est-certificate': {
    fr: 'présentez le certificat à renouveler comme certificat client TLS',
    en: 'present the certificate that is renewed as the TLS client certificate',
  },
  'est-same-names': {
    fr: 'le sujet et le subjectAltName de la demande doivent être ceux du certificat renouvelé : {difference} (RFC 7030, 4.2.2)',
    en: 'subject and subjectAltName of the request must be those of the renewed certificate: {difference} (RFC 7030 4.2.2)',
  },
  'est-tls-unique/proxy': {
    fr: "challengePassword ne peut pas être comparé à la valeur tls-unique (RFC 7030, 3.5), car un mandataire inverse termine TLS : faites la demande sans lui, ou à l'adresse directe de l'API",
    en: 'challengePassword cannot be compared with the tls-unique value (RFC 7030 3.5), because a reverse proxy ends TLS: make the request without it, or at the direct address of the API',
  },
  'est-tls-unique': {
    fr: "challengePassword n'est pas la valeur tls-unique de cette connexion (RFC 7030, 3.5) : refaites la demande sur cette connexion",
    en: 'challengePassword is not the tls-unique value of this connection (RFC 7030 3.5): make the request on this connection',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
