/**
 * What five implementations of path validation say of a certificate of every profile for every key
 * type that it allows: OpenSSL, GnuTLS, NSS, the JDK and Bouncy Castle. All valid certificates are
 * accepted without a message, all revoked ones are rejected, and what each program says of a
 * signature with such a key is listed in `ops/judges.md`.
 */
import assert from 'node:assert/strict';
import { createRelyingParty, type RelyingParty } from '../support/service/files.js';
import { PROFILES } from '../support/service/orders.js';
import { sharedService } from '../support/service/shared.js';
import { type EvidenceParts, gatherEvidence, nameOf } from './paths/evidence.js';
import { GNUTLS } from './paths/gnutls.js';
import { BOUNCY_CASTLE, JDK } from './paths/java.js';
import type { Lists, PathJudge, Verdicts } from './paths/judge.js';
import { NSS } from './paths/nss.js';
import { OPENSSL } from './paths/openssl.js';
import { assertPageSays, type Judgement } from './paths/page.js';

const JUDGES: readonly PathJudge[] = [OPENSSL, GNUTLS, NSS, JDK, BOUNCY_CASTLE];

/**
 * Keys that a program cannot use, although it accepts certificates with them, and what it says of
 * their signatures.
 */
const CANNOT_USE: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  GnuTLS: {
    'brainpool-p256r1': /The curve is unsupported/,
    'brainpool-p384r1': /The curve is unsupported/,
  },
  NSS: {
    ed25519: /SEC_ERROR_INVALID_KEY/,
    'brainpool-p256r1': /SEC_ERROR_SIGNATURE_ALGORITHM_DISABLED/,
    'brainpool-p384r1': /SEC_ERROR_SIGNATURE_ALGORITHM_DISABLED/,
  },
  JDK: {
    'brainpool-p256r1': /Curve not supported/,
    'brainpool-p384r1': /Curve not supported/,
  },
};

/** Keys for which a program accepts no certificate at all, and what it says. */
const CANNOT_ACCEPT: typeof CANNOT_USE = {
  GnuTLS: {
    'brainpool-p256r1': /The certificate chain uses insecure algorithm/,
    'brainpool-p384r1': /The certificate chain uses insecure algorithm/,
  },
};

describe('programs that validate paths', () => {
  let party: RelyingParty;
  let gathered: EvidenceParts;
  const judgements = new Map<string, Judgement>();

  before(async function gather() {
    const shared = await sharedService('rsa-4096');
    party = createRelyingParty(shared.service.urls.publication);
    await party.fetchAll();
    const parties = { cards: shared.as('card-management'), officer: shared.as('officer-1'), party };
    gathered = await gatherEvidence(parties);
    const { evidence } = gathered;
    const judgeAll = async (lists: Lists): Promise<ReadonlyMap<string, Verdicts>> => {
      const verdicts = new Map<string, Verdicts>();
      for (const judge of JUDGES) verdicts.set(judge.name, await judge.judgePaths(evidence, lists));
      return verdicts;
    };
    const good = await judgeAll(await gathered.publish('good'));
    const signatures = new Map<string, Verdicts>();
    for (const judge of JUDGES) signatures.set(judge.name, await judge.judgeSignatures(evidence));
    await gathered.revokeAll();
    const revoked = await judgeAll(await gathered.publish('revoked'));
    const none: Verdicts = new Map();
    for (const { name, version } of JUDGES) {
      judgements.set(name, {
        version: await version(evidence),
        good: good.get(name) ?? none,
        revoked: revoked.get(name) ?? none,
        signatures: signatures.get(name) ?? none,
      });
    }
  });

  after(() => party.remove());

  const judgementOf = ({ name }: PathJudge): Judgement => {
    const found = judgements.get(name);
    assert.ok(found, name);
    return found;
  };

  for (const judge of JUDGES) {
    for (const profile of PROFILES) {
      it(`${judge.name} accepts ${profile} with every key type, and rejects each when it is revoked`, () => {
        const { good, revoked } = judgementOf(judge);
        const keyTypes = gathered.keyTypes.get(profile) ?? [];
        assert.ok(keyTypes.length > 0, profile);
        for (const keyType of keyTypes) {
          const name = nameOf(profile, keyType);
          const cannot = CANNOT_ACCEPT[judge.name]?.[keyType];
          if (cannot === undefined) assert.equal(good.get(name), null, name);
          else assert.match(good.get(name) ?? 'accepted', cannot, name);
          assert.match(revoked.get(name) ?? 'accepted', cannot ?? judge.saysRevoked, name);
        }
      });
    }

    it(`${judge.name} verifies signatures of each key type, or says that it cannot`, () => {
      const { signatures } = judgementOf(judge);
      assert.ok(signatures.size > 0);
      for (const [keyType, said] of signatures) {
        const cannot = CANNOT_USE[judge.name]?.[keyType];
        if (cannot === undefined) assert.equal(said, null, `${judge.name}: ${keyType}`);
        else assert.match(said ?? 'accepted', cannot, `${judge.name}: ${keyType}`);
      }
    });
  }

  it('give the verdicts of ops/judges.md', () => {
    assertPageSays({
      judges: JUDGES.map((judge) => ({ judge, judgement: judgementOf(judge) })),
      keyTypes: gathered.keyTypes,
    });
  });
});
