/** Bodies of requests: real-looking holders, each with an identifier of its own. */
import { type HolderKey, makeCsr, makeKey } from './csr.js';

/** Profiles of organisations and servers, whose keys are not on cards. */
export const SOFTWARE_PROFILES = [
  'elementaire/org-auth-cli',
  'elementaire/org-sign',
  'elementaire/org-conf',
  'elementaire/serv-ssl',
  'elementaire/serv-smime',
] as const;

export const PROFILES = [
  'fort/cps-authentication',
  'fort/cps-signature',
  'standard/cpe-authentication',
  'standard/cpe-signature',
  'standard/cpa-authentication',
  'standard/cpa-signature',
  'elementaire/cpe-authentication',
  'elementaire/cpe-signature',
  ...SOFTWARE_PROFILES,
] as const;
export type ProfileId = (typeof PROFILES)[number];

/** A body that tests take apart and put together wrongly. */
export type Body = { readonly [member: string]: unknown };

let counter = 0;
/** Starts where another run of another process hardly is: homes are kept apart anyway. */
export function nextNumber(): number {
  counter += 1;
  return counter;
}

/**
 * The last digit of `digits` and the key makes the Luhn sum a multiple of ten (ISO/IEC 7812-1
 * annex B).
 */
export function withLuhnKey(digits: string): string {
  let sum = 0;
  for (const [at, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** PS_IdNat of a registered professional: 8, then the 11 digits of the RPPS number. */
export function professionalId(number: number): string {
  return `8${withLuhnKey(String(1_000_500_000 + number))}`;
}

export const STRUCTURE = { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Paris (75)' } as const;

export const IDENTITY = {
  assurance: 'high',
  source: 'PSI',
  reference: 'psi-test-0001',
  verifiedAt: '2026-03-01T10:00:00Z',
} as const;

export function tokenId(number: number): string {
  return `8025000001/${String(2_600_000_000 + number)}`;
}

export function professional(number: number): Body {
  return {
    kind: 'professional',
    idNat: professionalId(number),
    givenName: 'Anne-Zoé',
    surname: 'DOCTEUR',
    profession: '10',
    title: 'Médecin',
  };
}

export function staff(number: number): Body {
  return {
    kind: 'staff',
    idNat: `30B0057881/CPET${String(number).padStart(4, '0')}`,
    givenName: 'CLAUDE',
    surname: 'EMPLOYE',
    title: 'Personnel santé ou social',
    structure: STRUCTURE,
  };
}

/** Everything but the CSR. */
export function orderOf(profile: ProfileId, number: number = nextNumber()): Body {
  switch (profile) {
    case 'fort/cps-authentication':
    case 'fort/cps-signature':
      return {
        profile,
        holder: professional(number),
        card: { tokenId: tokenId(number), product: 'cps' },
        identity: IDENTITY,
      };
    case 'standard/cpe-authentication':
    case 'standard/cpe-signature':
    case 'elementaire/cpe-authentication':
    case 'elementaire/cpe-signature':
      return { profile, holder: staff(number), card: { tokenId: tokenId(number), product: 'cpe' } };
    case 'standard/cpa-authentication':
    case 'standard/cpa-signature':
      return { profile, holder: staff(number), card: { tokenId: tokenId(number), product: 'cpa' } };
    case 'elementaire/org-auth-cli':
    case 'elementaire/org-sign':
    case 'elementaire/org-conf':
      return {
        profile,
        holder: { kind: 'organisation', application: `APPLICATION-${number}`, structure: STRUCTURE },
      };
    case 'elementaire/serv-ssl':
      return {
        profile,
        holder: {
          kind: 'server',
          names: [`lps-${number}.example.org`, `lps-${number}.example.net`],
          structure: STRUCTURE,
        },
      };
    case 'elementaire/serv-smime': {
      const domain = `mail-${number}.example.org`;
      return {
        profile,
        holder: { kind: 'server', names: [domain], emails: [`service@${domain}`], structure: STRUCTURE },
      };
    }
  }
}

/** Confidentiality is for RSA keys alone. */
function keyFor(profile: ProfileId): HolderKey {
  return makeKey(profile === 'elementaire/org-conf' ? 'rsa-3072' : 'p-256');
}

/** A whole body, with a fresh key where none is given: P-256 where the profile takes it. */
export function bodyOf(profile: ProfileId, csr: string = makeCsr(keyFor(profile))): Body {
  return { ...orderOf(profile), csr };
}

/** Both certificates of one CPS card. */
export function cardBody(number: number = nextNumber()): Body {
  return {
    holder: professional(number),
    card: { tokenId: tokenId(number), product: 'cps' },
    identity: IDENTITY,
    requests: [
      { profile: 'fort/cps-authentication', csr: makeCsr(makeKey()) },
      { profile: 'fort/cps-signature', csr: makeCsr(makeKey()) },
    ],
  };
}
