/** Steps that bring in, years later, whom nobody thought of at first: other keys of responders, officers of last resort. */
import type { Bilingual } from '../bilingual.js';
import type { CeremonyStep } from './model.js';

/** SHA-256 of a SubjectPublicKeyInfo in hex; `*`: it came in a bundle whose words were compared, or this is a rehearsal. */
export type ExpectedKey = string;

export type AddedStep =
  /** PKCS#10 of a responder's key, signed by it, for a CA that is elsewhere. `subjectKey`: of one beside the first. */
  | {
      readonly do: 'request-ocsp-signer';
      readonly issuer: string;
      readonly token: string;
      readonly subjectKey?: string;
      readonly output: string;
    }
  /** Certifies keys of responders that are elsewhere: from then on the CA's signer may do so by itself (ops/decisions/0021). */
  | {
      readonly do: 'seal-ocsp-keys';
      readonly issuer: string;
      readonly token: string;
      readonly keys: readonly {
        readonly request: string;
        readonly publicKeySha256: ExpectedKey;
        readonly output: string;
      }[];
    }
  /** The CA of break-glass officers, outside of every hierarchy (ops/decisions/0022). The environment's unit and prefix are added. */
  | {
      readonly do: 'create-access-authority';
      readonly authority: string;
      readonly token: string;
      readonly subject: {
        readonly countryName: string;
        readonly organizationName: string;
        readonly organizationalUnitName: string;
        readonly commonName: string;
      };
      readonly years: number;
      readonly output: string;
    }
  /** The certificate of such an officer, from a request: the key is elsewhere. */
  | {
      readonly do: 'create-break-glass-account';
      readonly authority: string;
      readonly token: string;
      /** Id of the account that an operator will open with it. */
      readonly account: string;
      readonly commonName: string;
      readonly request: string;
      readonly publicKeySha256: ExpectedKey;
      readonly days: number;
      readonly output: string;
    };

export type AddedStepOf<Kind extends AddedStep['do']> = Extract<CeremonyStep, { readonly do: Kind }>;

export function describeAddedStep(step: AddedStep): Bilingual {
  switch (step.do) {
    case 'request-ocsp-signer':
      return {
        fr: `demande de certificat du répondeur OCSP ${step.subjectKey ?? step.issuer}`,
        en: `certification request of the OCSP responder ${step.subjectKey ?? step.issuer}`,
      };
    case 'seal-ocsp-keys':
      return {
        fr: `liste scellée des clés OCSP de ${step.issuer} : ${step.keys.length} de plus`,
        en: `sealed list of OCSP keys of ${step.issuer}: ${step.keys.length} more`,
      };
    case 'create-access-authority':
      return {
        fr: `certificat de l'AC d'accès ${step.authority}`,
        en: `certificate of the access CA ${step.authority}`,
      };
    case 'create-break-glass-account':
      return {
        fr: `certificat de secours pour le compte ${step.account}`,
        en: `break-glass certificate for the account ${step.account}`,
      };
  }
}
