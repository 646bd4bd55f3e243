/**
 * Verifies the proof of a card: what its statement says, the signature over it, and that the
 * certificate which has signed may do now what is asked for. The certificate passes the checks of a
 * TLS client (`src/access/client-certificate.ts`).
 */
import { certificateFault, isForClientAuthentication } from '../../access/client-certificate.js';
import {
  decideSelf,
  type SelfAction,
  type SelfPrincipal,
  type SelfSubject,
  statesFor,
} from '../../access/principal.js';
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { PlatformKey } from '../../orders/receipt.js';
import type { IssuanceStates } from '../../ports/store/cards/cards.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoredState } from '../../ports/store/statuses.js';
import type { GroupedWork, Reads } from '../../ports/store.js';
import type { Fault, Violation } from '../../texts/text.js';
import { atProof, checkProof, type Proof, type ProofBody, readProof } from '../../updates/proof.js';
import type { ExpectedStatement } from '../../updates/statement.js';
import { readTbs } from '../../x509/certificate/certificate-reader.js';
import { cardsAndHoldersOf, endedCardOrBarredHolder } from '../cards/usable-cards.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

export type ProofWorld = Pick<World, 'policy' | 'issuers' | 'store' | 'blockedKeys'> & {
  /** null: the installation has none; then it accepts no proof. */
  readonly platformKey: Pick<PlatformKey, 'id'> | null;
};

export type ProofDemand = {
  readonly body: ProofBody;
  readonly action: SelfAction;
  /** The token id of the card that the request is about; null: its certificate is on no card. */
  readonly card: string | null;
  readonly about: SelfSubject;
  readonly asked: ExpectedStatement['asked'];
  /** The states in which it may sign; left out: those of the table of rights. */
  readonly states?: readonly StoredState['status'][];
  /** Which certificates of the card may sign; left out: all. */
  readonly maySign?: (record: CertificateRecord) => boolean;
};

/** `record`: the certificate whose key has signed. */
export type VerifiedProof = {
  readonly proof: Proof;
  readonly self: SelfPrincipal;
  readonly record: CertificateRecord;
};

/**
 * Fails with `proof-rejected` and all rules that the proof breaks. It asks no signer. The state of
 * the certificate may change afterwards: a transaction that depends on it looks at it again.
 */
export async function verifyProof(
  world: ProofWorld,
  demand: ProofDemand,
): Promise<Result<VerifiedProof, OperationFailure>> {
  const proof = readProof(demand.body);
  if (!proof.ok) return rejected(demand, [proof.error]);
  const found = await world.store.groupedRead(SIGNERS, proof.value.certificateId);
  return found.ok ? judgeProof(world, demand, { proof: proof.value, found: found.value }) : found;
}

type ProofToJudge = { readonly proof: Proof; readonly found: FoundSigner };

/** As `verifyProof`, with what the caller has read of the certificate. */
export async function judgeProof(
  world: ProofWorld,
  demand: ProofDemand,
  { proof, found: { record, facts } }: ProofToJudge,
): Promise<Result<VerifiedProof, OperationFailure>> {
  const { card, asked } = demand;
  const { now } = facts;
  const signer = record !== null && maySign(record, demand) ? record : null;
  const environment = world.policy.environment.mark;
  const expected = { environment, platform: world.platformKey?.id ?? null, card: card ?? '', now, asked };
  const tbs = signer === null ? null : present(tbsOf(signer), 'a certificate of ours');
  const violations = await checkProof(proof, expected, tbs);
  const broken = signer === null ? null : signerFault(world, { record: signer, demand, facts });
  const all = broken === null ? violations : [...violations, atProof(broken)];
  if (signer === null || all.length > 0) return rejected(demand, all);
  return ok({ proof, self: selfOf(world, signer), record: signer });
}

function rejected({ body, card }: ProofDemand, violations: readonly Violation[]): Result<never, OperationFailure> {
  return err({ kind: 'proof-rejected', violations, certificate: body.certificateId, card });
}

/** What the database says of a certificate that has signed. */
type SignerFacts = {
  readonly now: Instant;
  readonly keyIsCompromised: boolean;
  readonly issuerIsRevoked: boolean;
  readonly states: IssuanceStates;
};

/** `record` null: there is no such certificate. */
export type FoundSigner = { readonly record: CertificateRecord | null; readonly facts: SignerFacts };

/** Simultaneous requests share one read. */
const SIGNERS: GroupedWork<Reads, string, FoundSigner> = {
  run: async (reads, ids) => {
    const records = await reads.certificatesByIds([...new Set(ids)]);
    const byId = new Map(records.map((record) => [record.id, record]));
    return readSigners(
      reads,
      ids.map((id) => byId.get(id) ?? null),
    );
  },
};

type SignerReads = Pick<Reads, 'compromisedKeys' | 'revokedIssuers' | 'issuanceStates' | 'databaseClock'>;

/** Reads the facts about several certificates at once, in their order. */
export async function readSigners(
  reads: SignerReads,
  signers: readonly FoundSigner['record'][],
): Promise<readonly FoundSigner[]> {
  const records = signers.flatMap((record) => record ?? []);
  const compromised = new Set(await reads.compromisedKeys(records.map(({ spkiSha256 }) => spkiSha256)));
  const revoked = await reads.revokedIssuers();
  const states = await reads.issuanceStates(cardsAndHoldersOf(records));
  const { now } = await reads.databaseClock();
  return signers.map((record) => ({
    record,
    facts: {
      now,
      keyIsCompromised: record !== null && compromised.has(record.spkiSha256),
      issuerIsRevoked: record !== null && revoked.has(record.issuer),
      states,
    },
  }));
}

function maySign(record: CertificateRecord, { card, maySign }: ProofDemand): boolean {
  return record.signature !== null && card !== null && record.cardTokenId === card && maySign?.(record) !== false;
}

type JudgedSigner = {
  readonly record: CertificateRecord;
  readonly demand: ProofDemand;
  readonly facts: SignerFacts;
};

/** Returns why the certificate may not sign for this now; null: it may. */
function signerFault(world: ProofWorld, { record, demand, facts }: JudgedSigner): Fault | null {
  const { action, about, states = statesFor(action) } = demand;
  const broken = certificateFault({
    tbs: present(tbsOf(record), 'a certificate of ours'),
    kind: 'platform',
    status: { state: record.state, notAfter: record.notAfter, signed: record.signature !== null },
    states,
    mustAuthenticateClients: about.certificateId !== record.id,
    issuer: present(world.issuers.byId(record.issuer), 'the issuer of a certificate'),
    issuerIsRevoked: facts.issuerIsRevoked,
    isAsRecorded: true,
    keyIsCompromised: facts.keyIsCompromised || world.blockedKeys.has(record.spkiSha256),
    now: facts.now,
  });
  if (broken !== null) return broken;
  // An opposed card may be read and revoked, and nothing else.
  if (action !== 'read-self' && action !== 'revoke-self') {
    const ended = endedCardOrBarredHolder(facts.states, { records: [record], environment: world.policy.environment });
    if (ended !== null && 'rule' in ended) return ended;
  }
  const permitted = decideSelf(selfOf(world, record), action, about);
  return permitted.ok ? null : permitted.error;
}

function selfOf({ policy }: Pick<ProofWorld, 'policy'>, record: CertificateRecord): SelfPrincipal {
  const { id, issuer, serial, profile, cardTokenId } = record;
  const tbs = tbsOf(record);
  const selfService = policy.profiles.get(profile)?.selfService ?? [];
  const isForAuthentication = tbs !== null && isForClientAuthentication(tbs);
  const certificate = { id, issuer, serial, profile, cardTokenId, isForAuthentication, selfService };
  return { kind: 'self', certificate, via: 'statement' };
}

function tbsOf({ tbs }: CertificateRecord) {
  const read = readTbs(tbs);
  return read.ok ? read.value : null;
}
