/**
 * Members of a request, or of the platform's data for its own signers, that a subject may contain,
 * by their JSON pointers.
 */
import type { CertificateOrder, Profile } from '../model.js';

export const SUBJECT_FIELDS = [
  { pointer: '/holder/idNat', holders: ['professional', 'staff'] },
  { pointer: '/holder/givenName', holders: ['professional', 'staff'] },
  { pointer: '/holder/surname', holders: ['professional', 'staff'] },
  { pointer: '/holder/pseudonym', holders: ['staff'] },
  { pointer: '/holder/title', holders: ['professional', 'staff'] },
  { pointer: '/holder/application', holders: ['organisation'] },
  { pointer: '/holder/names/0', holders: ['server'] },
  { pointer: '/holder/structure/id', holders: ['staff', 'organisation', 'server'] },
  { pointer: '/holder/structure/name', holders: ['staff', 'organisation', 'server'] },
  { pointer: '/holder/structure/department', holders: ['staff', 'organisation', 'server'] },
  { pointer: '/responder/organizationalUnit', holders: ['responder'] },
  { pointer: '/responder/commonName', holders: ['responder'] },
  { pointer: '/cmpSigner/organizationalUnit', holders: ['cmp-signer'] },
  { pointer: '/cmpSigner/commonName', holders: ['cmp-signer'] },
] as const satisfies readonly {
  readonly pointer: string;
  readonly holders: readonly Profile['holder'][];
}[] as readonly {
  readonly pointer: string;
  readonly holders: readonly Profile['holder'][];
}[];

type SignerNames = { readonly organizationalUnit: string; readonly commonName: string };

/**
 * Where the values of a subject come from: a request, or the platform's data for its own signers.
 */
export type SubjectSource =
  | Pick<CertificateOrder, 'holder'>
  | { readonly responder: SignerNames }
  | { readonly cmpSigner: SignerNames };
