/**
 * The process of one token. No other process of the running service loads a PKCS#11 module or reads
 * a PIN. This process answers the frames that it receives on descriptor 3.
 *
 * When descriptor 3 ends, or when the token or the journal fails, the process kills itself with
 * SIGKILL, because exit handlers would wait for a thread that may hang in the module. The
 * supervisor starts another process, which gets the unanswered requests.
 */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { assert } from '../../src/kernel/assert.js';
import type { Bytes } from '../../src/kernel/bytes.js';
import { DAY_MS } from '../../src/kernel/duration.js';
import type { Json } from '../../src/kernel/json.js';
import type { ChildConfiguration, IssuerConfiguration } from '../configuration.js';
import { acquireLock } from '../exclusive-lock.js';
import { describeTokenFailure, faultOf, TokenError } from '../pkcs11/failures.js';
import { loadModule } from '../pkcs11/module.js';
import { refusedPins } from '../pkcs11/pin/pin-file.js';
import { readPin, unlockCommand } from '../pkcs11/pin/pin-source.js';
import { openSigningToken, type SigningToken } from '../pkcs11/signing/signing-token.js';
import { prepareSofthsmDirectory } from '../pkcs11/softhsm/softhsm-files.js';
import { readPinTries } from '../pkcs11/token.js';
import { tokenLabel } from '../token-label.js';
import { createFrameWriter } from '../wire/frame-writer.js';
import { createFrameDecoder, encodeFrame, type Frame, type FrameContent } from '../wire/frames.js';
import { FRAME_REQUESTS } from '../wire/permissions.js';
import type { TokenFault } from '../wire/token-fault.js';
import { createBatchedAnswers } from './batched-answers.js';
import type { CheckerConfiguration, CreateChecker } from './check-port.js';
import type { SignerKey } from './checked-request.js';
import { openJournal } from './journal.js';
import { OCSP_JOURNAL_SEGMENTS_MAX, type SegmentRetention } from './journal-segments.js';
import type { SignerAlarm } from './journal-writer.js';
import { openWithOfficer } from './officer.js';
import { createSignerCore, type SignerCore, type SignerFault } from './signer-core.js';

const SUPERVISOR_DESCRIPTOR = 3;
/** The request id of frames that answer no request. */
const CONTROL_ID = 0;
/** How long the process waits until the supervisor has received its last frame. */
const LAST_FRAME_MS_MAX = 500;

/**
 * Thrown for a start that cannot succeed, with a message of one line: wrong environment, or journal
 * broken.
 */
class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

export function runChild(createChecker: CreateChecker): void {
  const socket = new Socket({ fd: SUPERVISOR_DESCRIPTOR });
  const write = createFrameWriter(socket);
  const decoder = createFrameDecoder();
  let core: SignerCore | null = null;
  let configured = false;
  let ending = false;

  const die = (): never => {
    process.kill(process.pid, 'SIGKILL');
    throw new Error('unreachable: SIGKILL');
  };
  const send = (content: FrameContent): void => void write(encodeFrame(content));
  const batched = createBatchedAnswers(send);
  /** Sends the reason to the supervisor, then ends the process. */
  const fail = (detail: string): void => {
    core = null;
    if (ending) return;
    ending = true;
    batched.flush();
    setTimeout(die, LAST_FRAME_MS_MAX);
    socket.end(encodeFrame({ type: 'state', id: CONTROL_ID, meta: { state: 'failed', detail } }), die);
  };
  const world: ChildWorld = {
    createChecker,
    onAlarm: (alarm) => {
      if (!ending) send({ type: 'state', id: CONTROL_ID, meta: { state: 'alarm', ...alarm } });
    },
    onFault: (fault) => {
      if (!ending) send({ type: 'state', id: CONTROL_ID, meta: { state: 'fault', ...fault } });
    },
    onEnd: (failure) => fail(describeFault(failure)),
    onWait: (wait) => send({ type: 'state', id: CONTROL_ID, meta: wait }),
  };
  const start = async (configuration: ChildConfiguration): Promise<void> => {
    try {
      const opened = await openSigner(configuration, world);
      core = opened.core;
      send({ type: 'state', id: CONTROL_ID, meta: { state: 'ready', hsm: opened.report } });
    } catch (thrown) {
      if (thrown instanceof TokenError) world.onFault({ ...faultOf(thrown.failure), remedy: 'replace' });
      fail(describeThrown(thrown));
    }
  };
  const receive = (frame: Frame): void => {
    if (!configured) {
      assert(frame.type === 'configure', 'the first frame configures');
      configured = true;
      // The frame comes from our own supervisor over a private socket pair, so its types are
      // trusted.
      void start(JSON.parse(Buffer.from(frame.body).toString('utf8')) as ChildConfiguration);
    } else if (core) {
      // Only single requests are batched: all parts of a CRL get one answer together, and a status
      // request is answered at once.
      const isBatched = FRAME_REQUESTS[frame.type] !== null && FRAME_REQUESTS[frame.type] !== 'crl';
      if (isBatched) batched.expect();
      core.handle(frame, isBatched ? batched.answer : send);
    }
  };
  socket.on('data', (chunk: Buffer) => {
    const frames = decoder.push(chunk);
    if (!frames.ok) return die();
    for (const frame of frames.value) receive(frame);
  });
  socket.on('end', die);
  socket.on('error', die);
  // Signals of a terminal or a systemd unit go to the whole process group, but the supervisor
  // decides when its children end.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
}

type ChildWorld = {
  readonly createChecker: CreateChecker;
  /** Reports every fault to the supervisor, which counts and logs it. */
  readonly onFault: (fault: TokenFault) => void;
  readonly onAlarm: (alarm: SignerAlarm) => void;
  /** Called when this process cannot continue. */
  readonly onEnd: (failure: SignerFault) => void;
  /** Called when the process begins and ends to wait for an officer. */
  readonly onWait: (wait: ChildWait) => void;
};

/**
 * The state of a child whose PIN an officer types: `locked` until a PIN is received, then `opening`
 * while the token is opened.
 */
type ChildWait =
  | { readonly state: 'locked'; readonly command: string; readonly pinTries: string | null }
  | { readonly state: 'opening' };

async function openSigner(
  configuration: ChildConfiguration,
  world: ChildWorld,
): Promise<{ readonly core: SignerCore; readonly report: Json }> {
  const { token, environmentMark, lockWaitMsMax } = configuration;
  const names = [token.name, ...(token.replicaOf === undefined ? [] : [token.replicaOf])];
  const expectedLabels = names.map((name) => tokenLabel(environmentMark, name));
  if (!expectedLabels.includes(token.tokenLabel)) {
    throw new StartRefused(
      `token ${token.tokenLabel} is not of this environment, whose token would be ${expectedLabels.join(' or ')}`,
    );
  }
  // The module is loaded before this process has a PIN, because the loader protects the memory
  // (hsm/loader/loader.c).
  loadModule(token.modulePath);
  // The PIN is read before the wait for the lock, so that a wrong PIN file is reported at once.
  if (token.pin.from !== 'officer') readStoredPin(token);
  const lock = await acquireLock(token.softhsmDirectory, lockWaitMsMax);
  if (!lock.ok) {
    const { owner, waitedMs } = lock.error;
    throw new TokenError({ kind: 'token-busy', directory: token.softhsmDirectory, owner, waitedMs });
  }
  mkdirSync(token.journalFolder, { recursive: true, mode: 0o700 });
  const checkerConfiguration = checkerConfigurationOf(configuration);
  const crlIssuers = token.kind === 'ca' ? token.issuers.map((issuer) => issuer.id) : [];
  const retention = retentionOf(token);
  const journal = await openJournal(token.journalFolder, { crlIssuers, ...(retention === null ? {} : { retention }) });
  if (!journal.ok) throw new StartRefused(describeFault(journal.error));
  if (journal.value.tornBytes > 0) {
    note(`journal in ${token.journalFolder}: removed an incomplete last line of ${journal.value.tornBytes} bytes`);
  }
  const checker = await world.createChecker(checkerConfiguration);
  // The token is opened last, so that an officer types no PIN for a start that fails for another
  // reason.
  const { keys, report } = await openKeys(configuration, checkerConfiguration, world);
  const core = createSignerCore({
    tokenKind: token.kind,
    checker,
    journal: journal.value.journal,
    keys,
    recent: journal.value.recent,
    clock: checkerConfiguration.clock,
    monotonic: () => performance.now(),
    alarm: world.onAlarm,
    fault(failure) {
      // Faults of the token were reported already when they happened.
      if (failure.kind === 'journal-broken' || failure.kind === 'journal-not-writable')
        world.onFault({ operation: 'journal', ckr: failure.kind, remedy: 'replace' });
      world.onEnd(failure);
    },
  });
  return { core, report };
}

/**
 * Says when segments of the journal are deleted; null: the journal of this token is kept for ever.
 */
function retentionOf({ journalDaysMax }: ChildConfiguration['token']): SegmentRetention | null {
  return journalDaysMax === undefined
    ? null
    : { ageMsMax: journalDaysMax * DAY_MS, segmentsMax: OCSP_JOURNAL_SEGMENTS_MAX };
}

function readStoredPin(token: ChildConfiguration['token']): string {
  const pin = readPin(token);
  if (pin.ok) return pin.value;
  throw pinNotUsable(token, pin.error);
}

function pinNotUsable({ tokenLabel: label }: ChildConfiguration['token'], detail: string): TokenError {
  return new TokenError({ kind: 'pin-not-usable', label, detail });
}

/**
 * Logs in, and checks every expected key: attributes, certificate, and a test signature. A refused
 * PIN is not tried again.
 */
async function openKeys(
  configuration: ChildConfiguration,
  { issuers }: CheckerConfiguration,
  world: ChildWorld,
): Promise<{ readonly keys: ReadonlyMap<string, SignerKey>; readonly report: Json }> {
  const { token } = configuration;
  prepareSofthsmDirectory(token.softhsmDirectory);
  const signing = await openToken(configuration, issuers, world);
  const keys = new Map<string, SignerKey>(
    issuers.map(({ id, label = id, keyType }) => [
      label,
      { keyType, sign: (digest: Bytes) => signing.sign(label, digest) },
    ]),
  );
  return { keys, report: signing.report };
}

function openToken(
  { token, threads, keepAliveMs }: ChildConfiguration,
  issuers: CheckerConfiguration['issuers'],
  { onFault, onEnd, onWait }: ChildWorld,
): Promise<SigningToken> {
  const marker = join(token.journalFolder, 'pin-refused.json');
  const refused = refusedPins(marker);
  const place = {
    modulePath: token.modulePath,
    softhsmDirectory: token.softhsmDirectory,
    label: token.tokenLabel,
  };
  const open = (givePin: () => string): Promise<SigningToken> =>
    openSigningToken({
      ...place,
      threads,
      keepAliveMs,
      expected: issuers.map(({ id, label = id, keyType, certificate }) => ({
        label,
        keyType,
        publicKey: certificate === null ? null : publicKeyOf(certificate),
      })),
      readPin() {
        const pin = givePin();
        if (!refused.wasRefused(pin)) return pin;
        throw pinNotUsable(token, `the token ${token.tokenLabel} has refused this PIN; it is not tried again`);
      },
      refused,
      onFault,
      onLost: onEnd,
    });
  if (token.pin.from !== 'officer') return open(() => readStoredPin(token));
  const command = unlockCommand(token.name);
  return openWithOfficer({
    token: token.name,
    socket: token.pin.socket,
    refused,
    marker,
    tries: () => readPinTries(place),
    open,
    report: (state, pinTries) => onWait(state === 'locked' ? { state, command, pinTries } : { state }),
    onRefused: ({ failure }) => onFault({ ...faultOf(failure), remedy: 'give-up' }),
  });
}

function publicKeyOf(certificate: Bytes): Bytes {
  // OpenSSL decodes this key and encodes it again, as it does with the key of the token
  // (`public-key.ts`), so that the two encodings can be compared.
  const publicKey = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return createPublicKey({ key: publicKey, type: 'spki', format: 'der' }).export({ type: 'spki', format: 'der' });
}

function checkerConfigurationOf({ token, policy, environmentMark }: ChildConfiguration): CheckerConfiguration {
  const read = (file: string | null | undefined): Bytes | null => (file ? new Uint8Array(readFileSync(file)) : null);
  return {
    tokenKind: token.kind,
    hierarchy: token.hierarchy ?? null,
    environmentMark,
    policy,
    issuers: token.issuers.map((issuer: IssuerConfiguration) => ({
      id: issuer.id,
      label: issuer.label,
      keyType: issuer.keyType,
      certificate: read(issuer.certificateFile),
      authorityCertificate: read(issuer.authorityCertificateFile),
      approvedResponders: (issuer.approvedResponderFiles ?? []).map((file) => ({
        file,
        certificate: new Uint8Array(readFileSync(file)),
      })),
    })),
    clock: () => Date.now(),
  };
}

function describeFault(failure: SignerFault): string {
  switch (failure.kind) {
    case 'journal-broken':
      return `the journal ${failure.file} is broken after entry ${failure.afterSeq}: ${failure.detail}`;
    case 'journal-not-writable':
      return `the journal ${failure.file} cannot be written: ${failure.detail}`;
    default:
      return describeTokenFailure(failure);
  }
}

/** Describes what was thrown: in one line for an expected failure, with the stack for a bug. */
function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown instanceof TokenError || thrown instanceof StartRefused
    ? thrown.message
    : (thrown.stack ?? thrown.message);
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
