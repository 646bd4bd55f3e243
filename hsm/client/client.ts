/**
 * The signer client of the service. For the keys of CAs and OCSP responders it sends only bytes for
 * which a passed lint has made a token. For the keys of the platform token it sends any octets: the
 * signer parses them, and refuses those that do not have the form of the purpose.
 */
import { assert, present } from '../../src/kernel/assert.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import { redeemLintToken } from '../../src/lint/token.js';
import type { IssuerId, Signer, SignerFailure } from '../../src/ports/signer.js';
import { readMeta } from '../wire/frames.js';
import { FOR_ONE_CLIENT } from '../wire/priorities.js';
import { type Connection, createConnection } from './connection.js';
import { createSignerGroup, type GroupWorld, type SignerGroup } from './group.js';
import { createRecentAbsences } from './recent-absences.js';
import { signatureFromReply, signerUnavailable } from './replies.js';

/** The socket of one token for one role, or the sockets of a group of tokens with the same keys. */
type GroupSockets = string | readonly string[];

type SignerClientConfiguration = {
  /**
   * Socket paths by issuer, for certificates of holders. An issuer without a socket cannot sign;
   * this holds for the two maps below too.
   */
  readonly certificateSockets: ReadonlyMap<IssuerId, GroupSockets>;
  /** Socket paths of the worker role, for CRLs and for certificates of responders. */
  readonly crlSockets: ReadonlyMap<IssuerId, GroupSockets>;
  readonly ocspSockets: ReadonlyMap<IssuerId, GroupSockets>;
  /** Socket path of the platform token; left out: nothing is signed with the platform key. */
  readonly platformSocket?: string;
  /** Socket path of the platform token for CMP answers; left out: none is signed. */
  readonly cmpSocket?: string;
  /**
   * Time limit from the request to the answer; default 8 s. It must be longer than the supervisor's
   * time limit, so that a child that hangs fails no request.
   */
  readonly deadlineMs?: number;
  /** At most this many requests are unanswered on one socket; default 1000. */
  readonly inFlightMax?: number;
  /** What groups of several tokens need; required if a group has more than one token. */
  readonly groups?: Pick<GroupWorld, 'verifies' | 'onChange' | 'stuckMs'>;
};

/**
 * The `Signer` of the core, with `status` and `close`, which only the composition and the commands
 * use.
 */
export type SignerClient = Signer & {
  /**
   * Asks the supervisor for the state of a token (`token-host.ts`). Fails if there is no answer
   * within a second.
   */
  status(socketPath: string): Promise<Result<Readonly<Record<string, unknown>>, SignerFailure>>;
  close(): void;
};

const DEADLINE_MS = 8_000;
const IN_FLIGHT_MAX = 1_000;
/**
 * Time limit of a status request. A supervisor answers it from memory, so a late answer means that
 * the supervisor hangs or does not run.
 */
const STATUS_MS_MAX = 1_000;

export function createSignerClient(configuration: SignerClientConfiguration): SignerClient {
  const { certificateSockets, crlSockets, ocspSockets } = configuration;
  const limits = {
    deadlineMs: configuration.deadlineMs ?? DEADLINE_MS,
    inFlightMax: configuration.inFlightMax ?? IN_FLIGHT_MAX,
  };
  const connections = new Map<string, Connection>();
  const groups = new Map<string, SignerGroup>();
  let closed = false;
  const now = (): number => performance.now();
  const absences = createRecentAbsences(now);

  function connectionTo(path: string): Connection {
    const known = connections.get(path);
    if (known) return known;
    const made = createConnection(path, limits);
    if (closed) made.close();
    connections.set(path, made);
    return made;
  }

  /**
   * Returns the signer group of an issuer. Issuers on the same token share one group, and so they
   * share the health of its members.
   */
  function groupOf(sockets: ReadonlyMap<IssuerId, GroupSockets>, issuer: IssuerId): SignerGroup {
    const paths = pathsOf(sockets, issuer);
    const key = paths.join('\0');
    const known = groups.get(key);
    if (known) return known;
    assert(paths.length === 1 || configuration.groups !== undefined, 'signatures of a group can be verified');
    const { verifies, onChange, stuckMs } = configuration.groups ?? NO_GROUPS;
    const { deadlineMs } = limits;
    const made = createSignerGroup(paths, { connectionTo, now, verifies, onChange, stuckMs, deadlineMs });
    groups.set(key, made);
    return made;
  }

  return {
    async certificate(token, profile) {
      const { issuer } = token;
      const group = groupOf(certificateSockets, issuer);
      const body = redeemLintToken(token);
      const signature = await group.ask({ type: 'certificate', issuer, meta: { issuer, profile }, body });
      const groupId = groupIdOf(certificateSockets, issuer);
      if (signature.ok) absences.clear(groupId, profile);
      else if (signature.error.kind === 'signer-unavailable') absences.note(groupId, signature.error);
      return signature;
    },
    absence: (issuer, profile) => absences.at(groupIdOf(certificateSockets, issuer), profile),
    async responderCertificate(token, profile) {
      const { issuer } = token;
      const group = groupOf(crlSockets, issuer);
      const body = redeemLintToken(token);
      return group.ask({ type: 'responder-certificate', issuer, meta: { issuer, profile }, body });
    },
    async ocsp(token, audience) {
      const { issuer } = token;
      const group = groupOf(ocspSockets, issuer);
      const body = redeemLintToken(token);
      if (audience !== 'one') return group.ask({ type: 'ocsp', issuer, meta: { issuer }, body });
      return group.ask({ type: 'ocsp', issuer, meta: { issuer, ...FOR_ONE_CLIENT }, body, forOneClient: true });
    },
    async platform(use, octets) {
      const isCmp = typeof use === 'object';
      const { platformSocket, cmpSocket } = configuration;
      const path = present(isCmp ? cmpSocket : platformSocket, 'a socket of the signer of the platform');
      const meta = isCmp ? { issuer: use.cmpKey, purpose: 'cmp' } : { issuer: 'platform', purpose: use };
      return signatureFromReply(await connectionTo(path).ask('platform', meta, octets));
    },
    crl: (crl) => groupOf(crlSockets, crl.issuer).crl(crl),
    reportBadSignature(kind, issuer, signature) {
      const sockets = { certificate: certificateSockets, crl: crlSockets, ocsp: ocspSockets }[kind];
      return groupOf(sockets, issuer).reportBadSignature(signature);
    },
    async status(socketPath) {
      const reply = await withinLimit(connectionTo(socketPath).ask('status', {}));
      if (reply === null) return err(signerUnavailable(0, `the supervisor has not answered in ${STATUS_MS_MAX} ms`));
      if ('kind' in reply) return err(signerUnavailable(reply.retryAfterMs, reply.detail));
      const meta = readMeta(reply);
      return meta.ok ? ok(meta.value) : err(signerUnavailable(0, 'the supervisor sent no state'));
    },
    close() {
      closed = true;
      // All are kept, so that whoever still asks finds them closed, and nothing is opened again.
      for (const group of groups.values()) group.close();
      for (const connection of connections.values()) connection.close();
    },
  };
}

const NO_GROUPS: Pick<GroupWorld, 'verifies' | 'onChange' | 'stuckMs'> = {
  verifies: () => false,
  onChange: () => undefined,
  stuckMs: Number.POSITIVE_INFINITY,
};

function pathsOf(sockets: ReadonlyMap<IssuerId, GroupSockets>, issuer: IssuerId): readonly [string, ...string[]] {
  const found = sockets.get(issuer);
  const [first, ...others] = typeof found === 'string' ? [found] : (found ?? []);
  assert(first !== undefined, `a socket of the signer of ${issuer}`);
  return [first, ...others];
}

/** Returns the path of the first socket of a group, which identifies the group. */
function groupIdOf(sockets: ReadonlyMap<IssuerId, GroupSockets>, issuer: IssuerId): string {
  return pathsOf(sockets, issuer)[0];
}

function withinLimit<Value>(promise: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, STATUS_MS_MAX, null);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
