/** Collects what the page for relying parties shows, from the files that this process serves. */
import { OID } from '../../asn1/oids.js';
import type { PublicAuthority, PublicList, PublicState } from '../../console/public/state.js';
import type { ServedCrls } from '../../http/status/files.js';
import { sha256Hex } from '../../kernel/digest.js';
import type { PlatformKey } from '../../orders/receipt.js';
import type { Policy } from '../../policy/model.js';
import {
  caIssuersUrl,
  certificationPracticeStatementUrl,
  crlFileName,
  crlUrl,
  ocspUrl,
} from '../../policy/publication/addresses.js';
import type { CrlScope } from '../../ports/store/crls.js';
import type { Issuer } from '../../x509/model.js';
import type { Home } from '../home.js';
import type { HomeIssuers } from '../issuers.js';
import { scopesOf } from '../publication.js';
import { PLATFORM_KEY_FILE } from '../signers/platform-key.js';

type PublicStateParts = {
  readonly home: Home;
  readonly issuers: HomeIssuers;
  readonly platformKey: PlatformKey | null;
  readonly crls: Pick<ServedCrls, 'find'>;
};

export async function publicStateOf({ home, issuers, platformKey, crls }: PublicStateParts): Promise<PublicState> {
  const { environment } = home.policy;
  const { publication } = environment.addresses;
  const authorities = issuers.all().map(async (issuer) => {
    const lists = scopesOf(home, issuer).map((scope) => listOf({ home, crls }, issuer, scope));
    return authorityOf(home, issuer, (await Promise.all(lists)).flat());
  });
  return {
    isDevelopment: environment.mark === 'development',
    authorities: await Promise.all(authorities),
    chain: `${publication}/AC/${chainFileName(home.policy)}`,
    ocsp: ocspUrl(environment),
    policy: { oid: environment.policyOid, practiceStatement: certificationPracticeStatementUrl(environment) },
    platformKey:
      platformKey === null ? null : { url: `${publication}/AC/${PLATFORM_KEY_FILE}`, sha256: platformKey.id },
  };
}

/** Returns the name of the file with the certificates of all CAs. */
export function chainFileName({ environment }: Pick<Policy, 'environment'>): string {
  return `Chaine_de_certification-IGC-Sante${environment.mark === 'development' ? '-TEST' : ''}.p7b`;
}

/** Returns what the page shows about a list; nothing if there is no file of it. */
async function listOf(
  { home, crls }: Pick<PublicStateParts, 'home' | 'crls'>,
  { id }: Issuer,
  scope: CrlScope,
): Promise<readonly PublicList[]> {
  const file = await crls.find(crlFileName(id, scope));
  if (file === null) return [];
  const { modified: thisUpdate, nextUpdate, sizeBytes: bytes } = file;
  return [{ scope, url: crlUrl(home.policy.environment, id, scope), thisUpdate, nextUpdate, bytes }];
}

function authorityOf(home: Home, issuer: Issuer, lists: readonly PublicList[]): PublicAuthority {
  const { id, hierarchy, kind, generation, keyType, notBefore, notAfter, certificate } = issuer;
  return {
    id,
    name: commonNameOf(issuer),
    hierarchy,
    kind,
    generation,
    keyType,
    notBefore,
    notAfter,
    sha256: sha256Hex(certificate),
    certificate: caIssuersUrl(home.policy.environment, id),
    lists,
  };
}

function commonNameOf({ id, subject }: Issuer): string {
  const attributes = subject.flat();
  return attributes.find(({ type }) => type === OID.commonName)?.value ?? id;
}
