/** Faults of policies about keys: exceptions for key types, and the origin of keys. */
import type { Json, PolicyFaultCase } from './policy-faults.js';

const DEV = 'environments/development.json';

export const KEY_FAULTS: readonly PolicyFaultCase[] = [
  {
    title: 'an exception for a profile that does not exist',
    file: DEV,
    change: (b) => ({
      ...b,
      keyExceptions: [{ ...((b.keyExceptions as Json[])[0] as Json), profiles: ['fort/none'] }],
    }),
    pointer: '/keyExceptions/0/profiles/0',
    says: 'no profile',
  },
  ...(['reason', 'approver', 'expires'] as const).map((member): PolicyFaultCase => {
    return {
      title: `an exception without ${member}`,
      file: DEV,
      change: (b) => {
        const { [member]: _, ...rest } = (b.keyExceptions as Json[])[0] as Json;
        return { ...b, keyExceptions: [rest] };
      },
      pointer: `/keyExceptions/0/${member}`,
      says: 'is missing',
    };
  }),
  {
    title: 'an exception without an end',
    file: DEV,
    change: (b) => ({ ...b, keyExceptions: [{ ...((b.keyExceptions as Json[])[0] as Json), expires: null }] }),
    pointer: '/keyExceptions/0/expires',
    says: 'string',
  },
  ...[['elementaire/org-conf'], ['*']].map((profiles): PolicyFaultCase => {
    return {
      title: `an exception for a key type that is left without a key usage, for ${profiles.join()}`,
      file: DEV,
      change: (b) => ({
        ...b,
        keyExceptions: [{ ...((b.keyExceptions as Json[])[0] as Json), keyType: 'p-521', profiles }],
      }),
      pointer: '/keyExceptions/0/keyType',
      says: 'elementaire/org-conf: has none of the usages',
    };
  }),
  {
    title: 'an exception for a key to which mail cannot be encrypted',
    file: DEV,
    change: (b) => ({
      ...b,
      keyExceptions: [
        { ...((b.keyExceptions as Json[])[0] as Json), keyType: 'ed25519', profiles: ['elementaire/serv-smime'] },
      ],
    }),
    pointer: '/keyExceptions/0/keyType',
    says: 'elementaire/serv-smime: mail cannot be encrypted',
  },
  {
    title: 'a FORT profile that does not ask where the key was made',
    file: 'fort/profiles/cps-signature.json',
    change: (b) => ({ ...b, keyOrigin: { origins: ['card'], required: false } }),
    pointer: '/keyOrigin',
    says: 'FORT requires the origin',
  },
  {
    title: 'keys of software on a card',
    file: 'standard/profiles/cpe-signature.json',
    change: (b) => ({ ...b, keyOrigin: { origins: ['card', 'software'], required: false } }),
    pointer: '/keyOrigin/origins',
    says: 'card alone',
  },
  {
    title: 'an EC key for encrypted mail that cannot be encrypted to',
    file: 'elementaire/profiles/serv-smime.json',
    change: (b) => ({ ...b, keyTypes: ['rsa-3072', 'p-256'], keyUsage: ['digitalSignature', 'keyEncipherment'] }),
    pointer: '/keyTypes/1',
    says: 'without keyAgreement',
  },
  {
    title: 'an RSA key for encrypted mail that cannot be encrypted to',
    file: 'elementaire/profiles/serv-smime.json',
    change: (b) => ({ ...b, keyTypes: ['rsa-3072', 'p-256'], keyUsage: ['digitalSignature', 'keyAgreement'] }),
    pointer: '/keyTypes/0',
    says: 'without keyEncipherment',
  },
  {
    title: 'a key type that is left without a key usage',
    file: 'elementaire/profiles/org-conf.json',
    change: (b) => ({ ...b, keyTypes: ['rsa-3072', 'p-256'] }),
    pointer: '/keyTypes/1',
    says: 'none of the usages',
  },
  {
    title: 'RSA-2048 in a profile, without an exception',
    file: 'fort/profiles/cps-signature.json',
    change: (b) => ({ ...b, keyTypes: ['rsa-3072', 'rsa-2048'] }),
    pointer: '/keyTypes/1',
    says: 'dated exception',
  },
  {
    title: 'an exception until a day that does not exist',
    file: DEV,
    change: (b) => ({
      ...b,
      keyExceptions: [{ ...((b.keyExceptions as Json[])[0] as Json), expires: '2027-02-30T00:00:00Z' }],
    }),
    pointer: '/keyExceptions/0/expires',
    says: 'day',
  },
];
