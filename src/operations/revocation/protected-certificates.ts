/**
 * Certificates that a mass revocation must not hit by accident: credentials of accounts, and
 * certificates of the platform itself. An order that selects one of them has to name it.
 */
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { signerHolderId } from '../../policy/plan/plan.js';
import type { SelectedCertificate, SelectedCertificates } from '../../ports/store/mass-revocations.js';
import type { Reads } from '../../ports/store.js';
import type { World } from '../world.js';

/** The parts of the platform that have certificates of this platform. */
export const PLATFORM_PARTS = ['api-server', 'ocsp-responders', 'cmp-signers'] as const;
export type PlatformPart = (typeof PLATFORM_PARTS)[number];

export type ProtectedCertificates = {
  /** A certificate on the key of an account, and this account. */
  readonly accounts: readonly { readonly account: string; readonly certificate: SelectedCertificate }[];
  readonly platform: readonly { readonly part: PlatformPart; readonly certificate: SelectedCertificate }[];
};

/** `serverKeys`: SHA-256 hex of the keys with which the API authenticates itself. */
export async function findProtected(
  reads: Pick<Reads, 'accounts' | 'selectedAmong'>,
  selected: SelectedCertificates,
  {
    issuers,
    serverKeys,
    now,
  }: Pick<World, 'issuers'> & { readonly serverKeys: readonly string[]; readonly now: Instant },
): Promise<ProtectedCertificates> {
  const accountOfKey = new Map<string, string>();
  for (const { id, credentials } of await reads.accounts())
    for (const { spkiSha256 } of credentials) accountOfKey.set(spkiSha256, id);
  const responders = new Set(issuers.all().map((issuer) => signerHolderId('responder', issuer)));
  const cmpSigners = new Set(issuers.all().map((issuer) => signerHolderId('cmp-signer', issuer)));
  const found = await reads.selectedAmong(selected, {
    spkiSha256s: [...new Set([...accountOfKey.keys(), ...serverKeys])],
    holderIds: [...responders, ...cmpSigners],
    now,
  });
  const ofAccounts = found.filter(({ spkiSha256 }) => accountOfKey.has(spkiSha256));
  const ofServer = found.filter(({ spkiSha256 }) => serverKeys.includes(spkiSha256));
  const ofResponders = found.filter(({ holderId }) => responders.has(holderId));
  const ofCmpSigners = found.filter(({ holderId }) => cmpSigners.has(holderId));
  return {
    accounts: ofAccounts.map((certificate) => ({
      account: present(accountOfKey.get(certificate.spkiSha256), 'account of a key'),
      certificate,
    })),
    platform: [
      ...ofServer.map((certificate) => ({ part: 'api-server', certificate }) as const),
      ...ofResponders.map((certificate) => ({ part: 'ocsp-responders', certificate }) as const),
      ...ofCmpSigners.map((certificate) => ({ part: 'cmp-signers', certificate }) as const),
    ],
  };
}
