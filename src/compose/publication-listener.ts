/**
 * The publication listener, with what it serves besides lists: CA certificates and a practice
 * statement.
 */
import { createPublicationServer, type PublicationOptions } from '../http/status/server.js';
import type { Bytes } from '../kernel/bytes.js';
import { stemOf } from '../policy/ids.js';
import type { Home } from './home.js';
import type { HomeIssuers } from './issuers.js';
import type { Listener } from './process.js';
import { systemClock } from './world.js';

type PublicationListenerParts = Pick<PublicationOptions, 'responder' | 'crls' | 'metrics' | 'log'> & {
  readonly home: Home;
  readonly issuers: HomeIssuers;
};

/** Answers OCSP requests, and serves lists and CA certificates. */
export function publicationListener({ home, issuers, ...parts }: PublicationListenerParts): Listener {
  const { publication } = home.config.listen;
  const server = createPublicationServer({
    ...parts,
    clock: systemClock,
    authorities: authoritiesServed({ home, issuers }),
    practiceStatement: practiceStatementOf(home),
    fastLane: publication.fastLane,
  });
  return { server, address: publication };
}

/**
 * The page at the address of the certification practice statement, where this service is that
 * address.
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
}: {
  readonly home: Home;
  readonly issuers: HomeIssuers;
}): PublicationOptions['authorities'] {
  const test = home.policy.environment.mark === 'development' ? '-TEST' : '';
  const authorities = new Map(
    issuers.all().map(({ id, certificate }) => [`${stemOf(id)}.cer`, async () => certificate]),
  );
  authorities.set(`Chaine_de_certification-IGC-Sante${test}.p7b`, createChain(issuers));
  return authorities;
}

/**
 * All CA certificates in one CMS message, made at the first request because its library takes long
 * to load.
 */
function createChain(issuers: HomeIssuers): () => Promise<Bytes> {
  let chain: Promise<Bytes> | null = null;
  return () => {
    chain ??= import('../x509/certificate/chain.js').then(({ certsOnlyMessage }) =>
      certsOnlyMessage(issuers.all().map(({ certificate }) => certificate)),
    );
    return chain;
  };
}
