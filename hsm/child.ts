/**
 * One token's process: the only kind that loads a PKCS#11 module and the only one that reads a PIN. Serves frames on descriptor 3.
 *
 * When that ends, or when token or journal fail, the process kills itself: exit handlers would wait for a thread that may be stuck
 * in the module. Its supervisor starts another and puts to it what was not answered.
 */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { assert } from '../src/kernel/assert.js';
import { type Bytes, equalBytes } from '../src/kernel/bytes.js';
import type { Json } from '../src/kernel/json.js';
import type { IssuerId } from '../src/ports/signer.js';
import type { ChildConfiguration, IssuerConfiguration } from './configuration.js';
import { createFrameWriter } from './frame-writer.js';
import { createFrameDecoder, encodeFrame, type Frame, type FrameContent } from './frames.js';
import { hold } from './hold.js';
import { openJournal } from './journal.js';
import type { CreateJudge, JudgeConfiguration } from './judge-port.js';
import { readPinFile, refusedPins } from './pin-file.js';
import { describeTokenFailure, TokenFailed } from './pkcs11/failures.js';
import { findKey } from './pkcs11/keys.js';
import { findToken, initialiseModule, loadModule } from './pkcs11/module.js';
import { reportJson, reportKeys, reportToken } from './pkcs11/report.js';
import { openSessionPool, type SessionPool } from './pkcs11/session-pool.js';
import { selfCheck } from './pkcs11/sign-whole.js';
import { login, openSession } from './pkcs11/token.js';
import { createSignerCore, type SignerCore, type SignerFault, type SignerKey } from './signer-core.js';
import { writeSofthsmConfiguration } from './softhsm-files.js';
import { tokenLabel } from './token-label.js';

const SUPERVISOR_DESCRIPTOR = 3;
/** The number of frames that answer no request. */
const CONTROL_ID = 0;
const LAST_WORD_MS = 500;

/** A start that cannot succeed says why in one line: PIN file exposed, journal broken, token of another environment. */
class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

export function runChild(createJudge: CreateJudge): void {
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
  /** The last word: why. Dies when the supervisor has it, or soon. */
  const fail = (detail: string): void => {
    core = null;
    if (ending) return;
    ending = true;
    setTimeout(die, LAST_WORD_MS);
    socket.end(encodeFrame({ type: 'state', id: CONTROL_ID, meta: { state: 'failed', detail } }), die);
  };
  const start = async (configuration: ChildConfiguration): Promise<void> => {
    try {
      const opened = await openSigner(configuration, createJudge, (fault) => fail(describeFault(fault)));
      core = opened.core;
      send({ type: 'state', id: CONTROL_ID, meta: { state: 'ready', hsm: opened.report } });
    } catch (thrown) {
      fail(describeThrown(thrown));
    }
  };
  const receive = (frame: Frame): void => {
    if (!configured) {
      assert(frame.type === 'configure', 'the first frame configures');
      configured = true;
      // From our own supervisor over a socket pair that nobody else has: its types, not input.
      void start(JSON.parse(Buffer.from(frame.body).toString('utf8')) as ChildConfiguration);
    } else if (core) core.handle(frame, send);
  };
  socket.on('data', (chunk: Buffer) => {
    const frames = decoder.push(chunk);
    if (!frames.ok) return die();
    for (const frame of frames.value) receive(frame);
  });
  socket.on('end', die);
  socket.on('error', die);
  // Signals of a terminal or a unit go to the whole group; the supervisor decides when its children end.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
}

async function openSigner(
  configuration: ChildConfiguration,
  createJudge: CreateJudge,
  fault: (fault: SignerFault) => void,
): Promise<{ readonly core: SignerCore; readonly report: Json }> {
  const { token, environmentMark, holdWaitMsMax } = configuration;
  const expectedLabel = tokenLabel(environmentMark, token.name);
  if (token.tokenLabel !== expectedLabel) {
    throw new StartRefused(
      `token ${token.tokenLabel} is not of this environment, whose token would be ${expectedLabel}`,
    );
  }
  const pin = readPinFile(token.pinFile);
  if (!pin.ok) throw new StartRefused(`PIN file ${pin.error.file}: ${pin.error.detail}`);
  const held = await hold(token.softhsmDirectory, holdWaitMsMax);
  if (!held.ok) {
    const { holder, waitedMs } = held.error;
    throw new TokenFailed({ kind: 'token-busy', directory: token.softhsmDirectory, holder, waitedMs });
  }
  mkdirSync(dirname(token.journalFile), { recursive: true, mode: 0o700 });
  const refused = refusedPins(join(dirname(token.journalFile), 'pin-refused.json'));
  if (refused.wasRefused(pin.value)) {
    throw new StartRefused(
      `the token ${token.tokenLabel} has refused the PIN of ${token.pinFile}; it is not tried again`,
    );
  }
  const judgeConfiguration = judgeConfigurationOf(configuration);
  const opened = openToken(configuration, pin.value, refused);
  const keys = await openKeys(opened, judgeConfiguration);
  const crlIssuers = token.kind === 'ca' ? token.issuers.map((issuer) => issuer.id) : [];
  const journal = await openJournal(token.journalFile, crlIssuers);
  if (!journal.ok) throw new StartRefused(describeFault(journal.error));
  if (journal.value.tornBytes > 0) {
    note(`journal ${token.journalFile}: removed a torn last line of ${journal.value.tornBytes} octets`);
  }
  const judge = await createJudge(judgeConfiguration);
  const core = createSignerCore({
    tokenKind: token.kind,
    judge,
    journal: journal.value.journal,
    keys,
    clock: judgeConfiguration.clock,
    fault,
  });
  return { core, report: opened.report };
}

type OpenedToken = {
  readonly pool: SessionPool;
  readonly findKey: (label: string) => ReturnType<typeof findKey>;
  /** Token and keys as they were when it was opened, for `pfcng hsm list`. */
  readonly report: Json;
};

/** Loads the module and logs in, once with this PIN. The session that logged in stays open: with the last one the login would end. */
function openToken(
  { token, sessions }: ChildConfiguration,
  pin: string,
  refused: ReturnType<typeof refusedPins>,
): OpenedToken {
  writeSofthsmConfiguration(token.softhsmDirectory);
  const pkcs11 = loadModule(token.modulePath);
  initialiseModule(pkcs11, token.softhsmDirectory);
  const slot = findToken(pkcs11, token.tokenLabel);
  const session = openSession(slot);
  try {
    login(session, { label: token.tokenLabel, pin });
  } catch (thrown) {
    if (thrown instanceof TokenFailed && thrown.failure.kind === 'pin-refused') refused.remember(pin);
    throw thrown;
  }
  refused.forget();
  return {
    pool: openSessionPool(pkcs11, slot, sessions),
    findKey: (label) => findKey(session, label),
    report: reportJson(reportToken(slot), reportKeys(session)),
  };
}

/** Every expected key: fit, of the expected type, the key of its certificate, and signing what that verifies. */
async function openKeys(
  { pool, findKey: find }: OpenedToken,
  { issuers }: JudgeConfiguration,
): Promise<ReadonlyMap<IssuerId, SignerKey>> {
  const keys = new Map<IssuerId, SignerKey>();
  for (const { id, keyType, certificate } of issuers) {
    const key = find(id);
    const mismatch = (detail: string) => new TokenFailed({ kind: 'key-mismatch', label: id, detail });
    if (key.keyType !== keyType) throw mismatch(`it is ${key.keyType}, not ${keyType}`);
    if (certificate !== null && !equalBytes(publicKeyOf(certificate), key.publicKey)) {
      throw mismatch('it is not the key of its certificate');
    }
    await selfCheck(key, pool);
    keys.set(id, { keyType, sign: (digest) => pool.sign(key, digest) });
  }
  return keys;
}

function publicKeyOf(certificate: Bytes): Bytes {
  // Exported anew, so that both sides are encoded by the same hand.
  const publicKey = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return createPublicKey({ key: publicKey, type: 'spki', format: 'der' }).export({ type: 'spki', format: 'der' });
}

function judgeConfigurationOf({ token, policy, environmentMark }: ChildConfiguration): JudgeConfiguration {
  const read = (file: string | null | undefined): Bytes | null => (file ? new Uint8Array(readFileSync(file)) : null);
  return {
    tokenKind: token.kind,
    hierarchy: token.hierarchy ?? null,
    environmentMark,
    policy,
    issuers: token.issuers.map((issuer: IssuerConfiguration) => ({
      id: issuer.id,
      keyType: issuer.keyType,
      certificate: read(issuer.certificateFile),
      authorityCertificate: read(issuer.authorityCertificateFile),
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

/** One line for what was foreseen, a stack for a bug. */
function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown instanceof TokenFailed || thrown instanceof StartRefused
    ? thrown.message
    : (thrown.stack ?? thrown.message);
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
