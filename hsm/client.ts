/** The service's side of the signers: takes only what a passed lint made, and sends it to the signer of its issuer. */
import { assert } from '../src/kernel/assert.js';
import type { Bytes } from '../src/kernel/bytes.js';
import { err, ok, type Result } from '../src/kernel/result.js';
import { redeemLinted } from '../src/lint/linted.js';
import type { IssuerId, Linted, LintingCrl, Signer, SignerAway, SignerFailure } from '../src/ports/signer.js';
import { createAbsences } from './absences.js';
import { type Connection, createConnection, type Reply } from './connection.js';
import { type Meta, readMeta } from './frames.js';
import type { PlatformPurpose } from './platform-purposes.js';
import { FOR_ONE } from './priorities.js';

export type SignerClientConfiguration = {
  /** Socket paths by issuer: which socket (token and role) takes which kind. An issuer without one cannot be asked. */
  readonly certificateSockets: ReadonlyMap<IssuerId, string>;
  /** The worker's: certificates of responders go there too. */
  readonly crlSockets: ReadonlyMap<IssuerId, string>;
  readonly ocspSockets: ReadonlyMap<IssuerId, string>;
  readonly platformSocket?: string;
  /** From asking to the answer; longer than the supervisor's own deadline, so that a hung child costs no request. Default 8 s. */
  readonly deadlineMs?: number;
  /** Unanswered requests of one socket; default 1000. */
  readonly inFlightMax?: number;
};

/** The `Signer` of the core, and what only the composition uses. */
export type SignerClient = Signer & {
  /** The certificate of a responder of the token's issuer, for a key that a ceremony has certified before; the worker's alone. */
  responderCertificate(token: Linted<'certificate'>, profile: string): Promise<Result<Bytes, SignerFailure>>;
  /** The platform key over a checkpoint or receipt (`platform-purposes.ts` says what precedes it) or a CMP ProtectedPart. */
  platform(purpose: PlatformPurpose, body: Bytes): Promise<Result<Bytes, SignerFailure>>;
  /** State of the token behind a socket, as the supervisor reports it (`token-host.ts`). */
  status(socketPath: string): Promise<Result<Readonly<Record<string, unknown>>, SignerFailure>>;
  close(): void;
};

const DEADLINE_MS = 8_000;
const IN_FLIGHT_MAX = 1_000;
const CRL_CHUNK_BYTES_MAX = 64 * 1024;
/** The key of the platform token. */
const PLATFORM_KEY = 'platform';

export function createSignerClient(configuration: SignerClientConfiguration): SignerClient {
  const { certificateSockets, crlSockets, ocspSockets, platformSocket } = configuration;
  const limits = {
    deadlineMs: configuration.deadlineMs ?? DEADLINE_MS,
    inFlightMax: configuration.inFlightMax ?? IN_FLIGHT_MAX,
  };
  const connections = new Map<string, Connection>();
  const absences = createAbsences(() => performance.now());

  function connectionTo(path: string): Connection {
    const known = connections.get(path);
    if (known) return known;
    const made = createConnection(path, limits);
    connections.set(path, made);
    return made;
  }

  function connectionOf(sockets: ReadonlyMap<IssuerId, string>, issuer: IssuerId): Connection {
    return connectionTo(pathOf(sockets, issuer));
  }

  return {
    async certificate(token, profile) {
      const path = pathOf(certificateSockets, token.issuer);
      const tbs = redeemLinted(token);
      const signature = signatureOf(
        await connectionTo(path).ask('certificate', { issuer: token.issuer, profile }, tbs),
      );
      if (signature.ok) absences.clear(path, profile);
      else if (signature.error.kind === 'signer-unavailable') absences.note(path, signature.error);
      return signature;
    },
    absence: (issuer, profile) => absences.at(pathOf(certificateSockets, issuer), profile),
    async responderCertificate(token, profile) {
      const connection = connectionOf(crlSockets, token.issuer);
      const tbs = redeemLinted(token);
      return signatureOf(await connection.ask('responder-certificate', { issuer: token.issuer, profile }, tbs));
    },
    async ocsp(token, audience) {
      const connection = connectionOf(ocspSockets, token.issuer);
      const tbs = redeemLinted(token);
      const meta: Meta = { issuer: token.issuer, ...(audience === 'one' ? FOR_ONE : {}) };
      return signatureOf(await connection.ask('ocsp', meta, tbs));
    },
    crl: (crl) => signCrl(crl, connectionOf(crlSockets, crl.issuer)),
    async doubt(kind, issuer) {
      const sockets = { certificate: certificateSockets, crl: crlSockets, ocsp: ocspSockets }[kind];
      // Whatever comes of it: what is asked on this connection next comes after it.
      await connectionOf(sockets, issuer).ask('doubt', {});
    },
    async platform(purpose, body) {
      assert(platformSocket !== undefined, 'a socket of the platform signer');
      const meta: Meta = { issuer: PLATFORM_KEY, purpose };
      return signatureOf(await connectionTo(platformSocket).ask('platform', meta, body));
    },
    async status(socketPath) {
      const reply = await connectionTo(socketPath).ask('status', {});
      if ('kind' in reply) return err(unavailable(reply.retryAfterMs, reply.detail));
      const meta = readMeta(reply);
      return meta.ok ? ok(meta.value) : err(unavailable(0, 'the supervisor sent no state'));
    },
    close() {
      for (const connection of connections.values()) connection.close();
      connections.clear();
    },
  };
}

function pathOf(sockets: ReadonlyMap<IssuerId, string>, issuer: IssuerId): string {
  const path = sockets.get(issuer);
  assert(path !== undefined, `a socket of the signer of ${issuer}`);
  return path;
}

/** Streams the chunks as they are linted; the signer is told that the CRL is whole only after the lint has passed. */
async function signCrl(crl: LintingCrl, connection: Connection): ReturnType<Signer['crl']> {
  const stream = connection.stream({ issuer: crl.issuer });
  try {
    for await (const chunk of crl.chunks) {
      for (let at = 0; at < chunk.length; at += CRL_CHUNK_BYTES_MAX) {
        await stream.send(chunk.subarray(at, at + CRL_CHUNK_BYTES_MAX));
      }
      // Refused or broken off: what is still to come would be read by nobody.
      if (stream.isAnswered()) return signatureOf(await stream.reply);
    }
    const sealed = crl.seal();
    if (!sealed.ok) return sealed;
    assert(sealed.value.issuer === crl.issuer, 'a CRL is sealed for the issuer it was linted for');
    redeemLinted(sealed.value);
    stream.end();
    return signatureOf(await stream.reply);
  } finally {
    // Does nothing after an answer.
    stream.abort();
  }
}

function signatureOf(reply: Reply): Result<Bytes, SignerFailure> {
  if ('kind' in reply) return err(unavailable(reply.retryAfterMs, reply.detail));
  if (reply.type === 'signature') return ok(new Uint8Array(reply.body));
  const meta = readMeta(reply);
  const { rule, detail, retryAfterMs, lastNumber, profile } = meta.ok ? meta.value : {};
  if (reply.type === 'refused') {
    const last = /^\d{1,15}$/.test(String(lastNumber)) ? { lastNumber: Number(lastNumber) } : {};
    return err({ kind: 'signer-refused', rule: String(rule), detail: String(detail), ...last });
  }
  const away = unavailable(Number(retryAfterMs) || 0, String(detail));
  return err(typeof profile === 'string' ? { ...away, profile } : away);
}

function unavailable(retryAfterMs: number, detail: string): SignerAway {
  return { kind: 'signer-unavailable', retryAfterMs: Math.max(1, retryAfterMs), detail };
}
