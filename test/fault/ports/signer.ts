/**
 * A software signer behind the Signer port, so that each of its calls can fail; its keys are in
 * memory and worthless. (The real one, SoftHSM behind a supervisor, is killed in
 * `test/fault/kill.test.ts`.) Before each signature it asks the database, on its own connection,
 * whether the bytes were stored and announced there, and writes the result into a journal that
 * survives its process.
 */
import { createHash, sign } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, fromHex } from '../../../src/kernel/bytes.js';
import { err, ok, type Result } from '../../../src/kernel/result.js';
import { redeemLintToken } from '../../../src/lint/token.js';
import type { IssuerId, Signer, SignerUnavailable } from '../../../src/ports/signer.js';
import { hashFor } from '../../../src/x509/keys/algorithms.js';
import type { RawDatabase } from '../../support/db/raw.js';
import { type AuditRecord, auditRecords, listName } from './facts.js';
import type { Authority, Stage } from './stage.js';
import { statusIn } from './status.js';

/** One signature, and what the database knew of it at the request. */
export type JournaledSignature =
  | {
      readonly kind: 'certificate' | 'crl';
      readonly issuer: string;
      /** Serial number, or number of the CRL. */
      readonly name: string;
      readonly tbsSha256: string;
      /** The row has exactly these bytes, and waits for a signature. */
      readonly stored: boolean;
      /** The audit log has its intent. */
      readonly announced: boolean;
    }
  | {
      readonly kind: 'ocsp';
      readonly issuer: string;
      readonly name: string;
      readonly status: string;
      /** The status in the database at that moment. */
      readonly database: string;
    };

export type SoftwareSigner = {
  readonly port: Signer;
  /** This many of the next signatures are made over other bytes. */
  lies: number;
  away: boolean;
  /** Runs once between a request and its signature: what others do in the meantime. */
  meanwhile: (() => Promise<unknown>) | null;
};

const AWAY: SignerUnavailable = { kind: 'signer-unavailable', retryAfterMs: 1_000, detail: 'away' };

export function createSoftwareSigner(
  stage: Stage,
  { journal, witness }: { readonly journal: string; readonly witness: () => Promise<RawDatabase> },
): SoftwareSigner {
  const of = (issuer: IssuerId): Authority =>
    present(
      stage.authorities.find((one) => one.issuer.id === issuer),
      issuer,
    );
  const note = (signed: JournaledSignature): void => appendFileSync(journal, `${JSON.stringify(signed)}\n`);
  const octets = (tbs: Bytes): Bytes => {
    if (signer.lies <= 0) return tbs;
    signer.lies -= 1;
    return new Uint8Array(tbs.length);
  };
  const others = async (): Promise<void> => {
    const { meanwhile } = signer;
    signer.meanwhile = null;
    await meanwhile?.();
  };
  const caSignature = async ({ issuer, key }: Authority, tbs: Bytes): Promise<Result<Bytes, never>> =>
    ok(new Uint8Array(sign(hashFor(issuer.signatureAlgorithm), octets(tbs), key)));

  const port: Signer = {
    absence: () => null,
    reportBadSignature: async () => undefined,
    certificate: async (token) => {
      await others();
      if (signer.away) return err(AWAY);
      const tbs = redeemLintToken(token);
      note(await witnessCertificate(await witness(), token.issuer, tbs));
      return caSignature(of(token.issuer), tbs);
    },
    responderCertificate: (token, profile) => port.certificate(token, profile),
    crl: async (crl) => {
      const chunks: Bytes[] = [];
      for await (const chunk of crl.chunks) chunks.push(chunk);
      if (signer.away) return err(AWAY);
      const passed = crl.finish();
      if (!passed.ok) return passed;
      redeemLintToken(passed.value);
      const tbs = new Uint8Array(Buffer.concat(chunks));
      note(await witnessCrl(await witness(), crl.issuer, sha256Hex(tbs)));
      return caSignature(of(crl.issuer), tbs);
    },
    ocsp: async (token) => {
      if (signer.away) return err(AWAY);
      const data = redeemLintToken(token);
      for (const answer of await witnessAnswer(await witness(), token.issuer, data)) note(answer);
      const { responder, responderKey } = of(token.issuer);
      return ok(new Uint8Array(sign(hashFor(responder.signatureAlgorithm), octets(data), responderKey)));
    },
    platform: async (_purpose, data) =>
      signer.away ? err(AWAY) : ok(new Uint8Array(sign('sha256', octets(data), stage.platformKey))),
  };
  const signer: SoftwareSigner = { port, lies: 0, away: false, meanwhile: null };
  return signer;
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function witnessCertificate(raw: RawDatabase, issuer: string, tbs: Bytes): Promise<JournaledSignature> {
  const tbsSha256 = sha256Hex(tbs);
  const rows = await raw.all('select serial, status, tbs from certificates where issuer = ?', issuer);
  const row = rows.find((one) => sha256Hex(one.tbs as Uint8Array) === tbsSha256);
  const audit = await auditRecords(raw);
  return {
    kind: 'certificate',
    issuer,
    name: String(row?.serial),
    tbsSha256,
    // A late signature may be over bytes that were revoked in the meantime. They were stored all
    // the same.
    stored: row !== undefined,
    announced: audit.some((one) => one.type === 'certificate.intent' && one.details.tbsSha256 === tbsSha256),
  };
}

async function witnessCrl(raw: RawDatabase, issuer: string, tbsSha256: string): Promise<JournaledSignature> {
  const [row] = await raw.all(
    'select number, scope, state from crls where issuer = ? and tbs_sha256 = ?',
    issuer,
    tbsSha256,
  );
  const isIntent = ({ type, details }: AuditRecord): boolean =>
    type === 'crl.intent' &&
    listName(String(details.issuer), details.scope) === listName(issuer, row?.scope) &&
    details.number === row?.number;
  return {
    kind: 'crl',
    issuer: listName(issuer, row?.scope),
    name: String(row?.number),
    tbsSha256,
    stored: row?.state === 'reserved',
    announced: (await auditRecords(raw)).some(isIntent),
  };
}

/** One for each certificate of the issuer in the response. */
async function witnessAnswer(raw: RawDatabase, issuer: string, data: Bytes): Promise<readonly JournaledSignature[]> {
  const rows = await raw.all('select serial, status from certificates where issuer = ?', issuer);
  return rows.flatMap(({ serial, status: database }) => {
    const name = String(serial);
    const status = statusIn(data, present(fromHex(name), 'a serial number in hex'));
    return status === null ? [] : [{ kind: 'ocsp', issuer, name, status, database: String(database) } as const];
  });
}
