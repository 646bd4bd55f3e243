/**
 * The HTTP listener for relying parties. It serves CRLs and OCSP responses, and also CA
 * certificates, the public key of the platform and a certification practice statement.
 */
import { createPublicPages } from '../../http/status/public-pages.js';
import { createPublicationServer, type PublicationOptions } from '../../http/status/server.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { PlatformKey } from '../../orders/receipt.js';
import { stemOf } from '../../policy/ids.js';
import { publishedLinkName } from '../../policy/publication/addresses.js';
import type { Home } from '../home.js';
import type { HomeIssuers } from '../issuers.js';
import type { Listener } from '../process.js';
import { PLATFORM_KEY_FILE } from '../signers/platform-key.js';
import { systemClock } from '../world.js';
import { chainFileName, publicStateOf } from './public-state.js';

type PublicationListenerParts = Pick<
  PublicationOptions,
  'responder' | 'crls' | 'metrics' | 'log' | 'connectionsMax'
> & {
  readonly home: Home;
  readonly issuers: HomeIssuers;
  readonly platformKey: PlatformKey | null;
};

/**
 * Makes the listener. It answers OCSP requests, and serves lists, CA certificates and the page
 * about them.
 */
export function publicationListener({ home, issuers, platformKey, ...parts }: PublicationListenerParts): Listener {
  const { publication } = home.config.listen;
  const server = createPublicationServer({
    ...parts,
    clock: systemClock,
    authorities: authoritiesServed({ home, issuers, platformKey }),
    practiceStatement: practiceStatementOf(home),
    publicPages: createPublicPages(() => publicStateOf({ home, issuers, platformKey, crls: parts.crls }), systemClock),
    fastLane: publication.fastLane,
  });
  return { server, address: publication };
}

/**
 * Returns a placeholder for the certification practice statement, with the path that its address in
 * the certificates has.
 */
function practiceStatementOf({ policy }: Home): PublicationOptions['practiceStatement'] {
  const { pathname } = new URL(policy.environment.addresses.certificationPracticeStatement);
  return {
    path: pathname,
    text:
      'Certificats de test : aucune garantie. / Test certificates: no assurance.\n' +
      'La politique de certification de cet environnement n’est pas publiée ici.\n',
  };
}

function authoritiesServed({
  home,
  issuers,
  platformKey,
}: Pick<PublicationListenerParts, 'home' | 'issuers' | 'platformKey'>): PublicationOptions['authorities'] {
  const authorities = new Map(
    issuers.all().map(({ id, certificate }) => [`${stemOf(id)}.cer`, async () => certificate]),
  );
  for (const link of issuers.links()) authorities.set(publishedLinkName(link), async () => link.certificate);
  authorities.set(chainFileName(home.policy), createChain(issuers));
  if (platformKey !== null) authorities.set(PLATFORM_KEY_FILE, async () => platformKey.spki);
  return authorities;
}

/**
 * Returns a function that makes one CMS message with all CA certificates. It makes the message at
 * the first request, because the library takes long to load.
 */
function createChain(issuers: HomeIssuers): () => Promise<Bytes> {
  let chain: Promise<Bytes> | null = null;
  return () => {
    chain ??= import('../../x509/certificate/chain.js').then(({ certsOnlyMessage }) =>
      certsOnlyMessage(issuers.all().map(({ certificate }) => certificate)),
    );
    return chain;
  };
}
