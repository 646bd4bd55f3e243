import { guardsOf, type Mutants } from './mutant.js';

const KEYS_REFUSED = 'test/integration/service/keys/keys-refused.test.ts';

const reserve = guardsOf('src/operations/issuance/reserve.ts', 'test/integration/db/issuance-groups.test.ts');
const clashes = guardsOf('src/operations/issuance/clashes.ts', KEYS_REFUSED);
const clock = guardsOf('src/operations/clock.ts', 'test/fault/clock.test.ts');

/** Guards of group commit, of keys, of the clock and of the outside of the service. */
export const ISSUANCE: Mutants = {
  'issuance/superseded-though-lost': guardsOf(
    'src/operations/issuance/finish-intents.ts',
    'test/integration/enrolment/self-renewal.test.ts',
  )('What a renewal supersedes is published, also when the result of the commit is lost.', {
    find: '!finished.ok || finished.value !== null',
    replace: 'finished.ok && finished.value !== null',
    title: 'has its status withdrawn when its renewal supersedes it, though the result of the commit is lost',
  }),
  'issuance/one-after-the-other': reserve('Requests for one key or card reserve one after the other.', {
    find: 'const at = 1 + Math.max(-1, ...names.map((name) => lastWaveOf.get(name) ?? -1));',
    replace: 'const at = 0 * names.length;',
    title: 'a key that two holders ask for is the first one’s',
  }),
  'issuance/refused-releases-key': reserve('A refused request releases its idempotency key.', {
    find: 'await tx.releaseClaims(refused.flatMap(',
    replace: 'void (refused.flatMap(',
    title: 'a refused request releases its idempotency key',
  }),
  'issuance/first-signature': guardsOf(
    'src/operations/issuance/store-signatures.ts',
    'test/integration/db/issuance-groups.test.ts',
  )('Of two signatures for one certificate the first is stored.', {
    find: 'every((id) => open.delete(id))',
    replace: 'every((id) => open.has(id))',
    title: 'the first signature is stored',
  }),
  'issuance/broken-item-alone': guardsOf('src/db/engine/group-commit.ts', 'test/integration/db/grouped.test.ts')(
    'An item that breaks its work breaks no other.',
    {
      find: 'if (error instanceof StoreUnavailable || failed.length === 1) for',
      replace: 'if (failed.length > 0) for',
      title: 'an item that throws does not affect others',
    },
  ),
  'issuance/done-before': guardsOf('src/operations/issuance/issue.ts', 'test/integration/db/requests.test.ts')(
    'A request that was done before is not refused while the signer is away.',
    {
      find: 'return unlessDoneBefore(world, command.idempotency, unavailable);',
      replace: 'return err(unavailable);',
      title: 'gets its certificates also while the signer is away',
    },
  ),
  'issuance/listed-key': clashes('A key that public lists block is refused.', {
    find: 'if (blockedKeys.has(spkiSha256) || isBlocked(spkiSha256)) violations.push(',
    replace: 'if (isBlocked(spkiSha256)) violations.push(',
    title: 'because its private key is published in a document',
  }),
  'issuance/blocked-key': clashes('A key that an officer has blocked is refused.', {
    find: 'if (blockedKeys.has(spkiSha256) || isBlocked(spkiSha256)) violations.push(',
    replace: 'if (blockedKeys.has(spkiSha256)) violations.push(',
    title: 'because an officer has blocked it',
  }),
  'issuance/key-of-one-profile-and-card': clashes('A key on a card is of one profile of one card.', {
    find: 'return hasCertificate(other) && (other.cardTokenId !== asked.cardTokenId || other.profile !== asked.profile);',
    replace: 'return false;',
    title: 'because it has a certificate of the other profile of the card',
  }),
  'issuance/key-of-given-up': guardsOf(
    'src/operations/issuance/clashes.ts',
    'test/integration/db/issuance-groups.test.ts',
  )('A key is free again when its request was given up.', {
    find: 'return hasCertificate(other) && (other.cardTokenId !== asked.cardTokenId',
    replace: 'return (other.cardTokenId !== asked.cardTokenId',
    title: 'is free after a request was given up',
  }),
  'issuance/key-of-given-up-holder': guardsOf(
    'src/operations/issuance/clashes.ts',
    'test/integration/db/issuance-groups.test.ts',
  )('A key is free for another holder when its request was given up.', {
    find: '!isCompromised(other) && hasCertificate(other) && other.holderId !== holderId',
    replace: '!isCompromised(other) && other.holderId !== holderId',
    title: 'a key is free for another holder after a request for it was given up',
  }),
  'issuance/two-officers-reset': guardsOf('src/operations/officers.ts', 'test/integration/jobs/clock-watch.test.ts')(
    'Two different officers reset the mark of the clock.',
    {
      find: 'if (officers.length !== count || new Set(officers).size !== count)',
      replace: 'if (officers.length === 0)',
      title: 'requires two different officers who are in office',
    },
  ),
  'issuance/officer-in-office': guardsOf('src/operations/officers.ts', 'test/integration/jobs/clock-watch.test.ts')(
    'An officer whose account has ended decides nothing at a terminal.',
    {
      find: 'const ended = accountFault(account, now);',
      replace: 'const ended = accountFault(account, Math.min(0, now));',
      title: 'requires two different officers who are in office',
    },
  ),
  'issuance/ed25519-point': guardsOf('src/x509/keys/ed25519.ts', 'test/unit/x509/key-checks.test.ts')(
    'An Ed25519 key is a point of its curve.',
    {
      find: 'return square === u || square === modulo(-u);',
      replace: 'return square >= 0n;',
      title: 'Ed25519 that is no point',
    },
  ),
  'issuance/ed25519-small-order': guardsOf('src/x509/keys/ed25519.ts', 'test/unit/x509/key-checks.test.ts')(
    'An Ed25519 key has no small order.',
    { find: 'if (y >= P || SMALL_ORDER.has(y)) return', replace: 'if (y >= P) return', title: 'of small order' },
  ),
  'issuance/exception-ends': guardsOf('src/policy/plan/plan.ts', 'test/unit/policy/plan.test.ts')(
    'An exception for a type of key ends.',
    {
      find: 'return last !== null && now <= last;',
      replace: 'return last !== null && now !== -1;',
      title: 'until the end of 2028, and no longer',
    },
  ),
  'issuance/key-origin': guardsOf('src/policy/rules/key-origin.ts', 'test/unit/policy/rules.test.ts')(
    'FORT requires the origin of the key.',
    {
      find: 'return required && policy.environment.keyOriginRequired',
      replace: 'return required && policy.environment.keyOriginRequired && profile.id === ""',
      title: 'without the origin of its key is rejected by FORT',
    },
  ),
  'issuance/authority-key-types': guardsOf('src/x509/keys/public-key.ts', 'test/unit/x509/public-key.test.ts')(
    'An authority has no key of a type that only holders have.',
    {
      find: 'return KEY_TYPES.find((one) => one === type) ?? null;',
      replace: 'return type as KeyType | null;',
      title: 'may sign for an authority or a responder only if',
    },
  ),
  'issuance/clock-mark': clock('A reservation is refused while the clock is behind the mark.', {
    find: 'const behind = mark === null ? 0 : mark - now;',
    replace: 'const behind = 0 * (mark ?? 0);',
    title: 'back issues nothing',
  }),
  'issuance/clock-mark-advances': guardsOf('src/operations/clock.ts', 'test/integration/jobs/clock-watch.test.ts')(
    'The mark of the clock advances while nothing is issued.',
    {
      find: 'await tx.setClockMark(now);\n  return fault;',
      replace: 'await tx.setClockMark(mark ?? now);\n  return fault;',
      title: 'advances the high-water mark while nothing is issued, and raises no alarm when time just passes',
    },
  ),
  'issuance/synchronous-full': guardsOf('src/db/engine/sqlite.ts', 'test/fault/durability.test.ts')(
    'SQLite syncs its log at each commit.',
    {
      find: "'synchronous = FULL',",
      replace: "'synchronous = OFF',",
      title: 'is intent, signer, journal, key, result, answer',
    },
  ),
  'outside/compromised-key': guardsOf('src/access/client-certificate.ts', KEYS_REFUSED)(
    'A compromised key authenticates nobody by another certificate.',
    {
      find: 'passes: ({ keyIsCompromised }) => !keyIsCompromised }',
      replace: 'passes: ({ keyIsCompromised }) => keyIsCompromised !== null }',
      title: 'does not authenticate a client while it is blocked',
    },
  ),
  'outside/officers-only': guardsOf(
    'src/http/api/authenticate.ts',
    'test/integration/service/accounts/break-glass.test.ts',
  )('The access CA stands for officers only.', {
    find: "if (!isOfOfficers(account)) return refuse(fault('break-glass-is-for-officers'), account);",
    replace: '',
    title: 'cannot have another role',
  }),
  'outside/revoked-access-ca': guardsOf(
    'src/access/client-certificate.ts',
    'test/integration/service/accounts/break-glass.test.ts',
  )('A revoked CA vouches for nobody.', {
    find: 'passes: ({ issuerIsRevoked }) => !issuerIsRevoked }',
    replace: 'passes: ({ issuerIsRevoked }) => issuerIsRevoked !== null }',
    title: 'has access when the CA of the ordinary officers is revoked',
  }),
  'outside/never-signed': guardsOf('src/lifecycle/certificate-states.ts', 'test/integration/attack/given-up.test.ts')(
    'What was never signed is shown to nobody as a certificate.',
    {
      find: 'return signature !== null || recoveredSha256 !== null;',
      replace: 'return signature !== undefined || recoveredSha256 !== null;',
      title: 'is not shown as a certificate',
    },
  ),
  'outside/null-character': guardsOf('src/http/api/api.ts', 'test/integration/service/publication/addresses.test.ts')(
    'No name contains U+0000.',
    {
      find: "if (Object.values(params).some((value) => value.includes('\\0'))) return err(NO_SUCH_NAME);",
      replace: '',
      title: 'with the character U+0000',
    },
  ),
  'outside/handshake': guardsOf('src/http/server/unreadable.ts', 'test/unit/http/handshake.test.ts')(
    'A client that says nothing before the end of the handshake is disconnected.',
    {
      find: "server.prependListener('tlsClientError', (_error: Error, socket: Duplex) => socket.destroy());",
      replace: '',
      title: 'that sends nothing is closed after the handshake timeout',
    },
  ),
  'outside/home-path': guardsOf('src/config/paths.ts', 'test/unit/config/load.test.ts')(
    'The paths of sockets fit into the home folder.',
    {
      find: 'if (bytes <= HOME_PATH_BYTES_MAX) return null;',
      replace: 'if (bytes >= 0) return null;',
      title: 'are rejected if sockets would exceed the limit of macOS',
    },
  ),
  'nodes/unknown-left-to-others': guardsOf(
    'src/operations/issuance/recover.ts',
    'test/integration/db/recovered-runs.test.ts',
  )('A node gives up no intent because its policy lacks the profile or the issuer.', {
    find: "if (lacking.length > 0) return 'unknown';",
    replace: "if (lacking.length > 0) return 'abandoned';",
    title: 'leaves what it has no issuer or no profile for to other nodes',
  }),
  'nodes/others-get-the-job': guardsOf('src/jobs/recover-intents.ts', 'test/integration/db/recovered-runs.test.ts')(
    'A node that lacks a profile lets other nodes recover the intents.',
    {
      find: 'leftToOthers = new Set([...leftToOthers, ...recovered.left]);',
      replace: '',
      title: 'leaves the job to other nodes for a while',
    },
  ),
  'nodes/left-runs-delay-no-other': guardsOf(
    'src/jobs/recover-intents.ts',
    'test/integration/db/recovered-runs.test.ts',
  )('An intent that no node can judge delays the recovery of no other run.', {
    find: 'return runs.some((run) => !leftToOthers.has(run)) ?',
    replace: 'return leftToOthers.size === 0 && runs.length > 0 ?',
    title: 'recovers at once what another run has left open',
  }),
  'nodes/left-intents-hide-no-other': guardsOf(
    'src/operations/issuance/recover.ts',
    'test/integration/db/recovered-runs.test.ts',
  )('Intents that no node can judge do not hide others of their run.', {
    find: 'after = counts.unknown > 0 && isNothingRecovered(counts) ? page.value.next : null;',
    replace: 'after = null;',
    title: 'reads on past a thousand intents',
  }),
  'nodes/left-runs-hide-no-other': guardsOf(
    'src/operations/issuance/recover.ts',
    'test/integration/db/recovered-runs.test.ts',
  )('Runs that no node can recover do not hide others.', {
    find: 'reads.endedRunsWithIntents(RUNS_MAX + leftBefore.size)',
    replace: 'reads.endedRunsWithIntents(RUNS_MAX)',
    title: 'continues with further runs after a hundred',
  }),
};
