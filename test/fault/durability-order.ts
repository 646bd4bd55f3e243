/**
 * The order in which an issuance must become durable, and the violations of it in a trace of system
 * calls.
 */
import type { Syscall } from '../support/machine/syscalls.js';

export type DurabilityFault =
  | 'the signer was asked before the intent was on the disk'
  | 'the key was used before the journal had it'
  | 'a signature was handed out before the journal had it'
  | 'the answer was sent before the result was on the disk';

export type DurabilityVerdict = {
  readonly faults: readonly DurabilityFault[];
  /**
   * Frames to signers (the supervisor forwards them), signatures that came back, and responses of
   * the API.
   */
  readonly seen: {
    readonly frames: number;
    readonly keyUses: number;
    readonly signatures: number;
    readonly answers: number;
  };
};

export type TracedCall = {
  readonly apiPort: number;
  /** Name of the token that signs. */
  readonly token: string;
  /** Whether a server, which has the log, reports the commits to the service. */
  readonly hasServer: boolean;
};

type Step = 'log-written' | 'log-synced' | 'commit-heard' | 'frame' | 'journal' | 'key-used' | 'signature' | 'answer';

/** `hsm/wire/frames.ts`. */
const FRAME_TYPE_AT = 4;
const CERTIFICATE = 1;
const SIGNATURE = 129;
const WRITES = ['write', 'writev', 'sendto', 'pwrite64', 'pwritev'];
const READS = ['read', 'recvfrom'];
const SYNCS = ['fsync', 'fdatasync'];
/** The write-ahead logs of SQLite and of PostgreSQL: their content survives. */
const LOG = /\.sqlite-wal$|\/pg_wal\//;

function stepOf({ name, target, data }: Syscall, { apiPort, token }: TracedCall): Step | null {
  if (SYNCS.includes(name)) return LOG.test(target) ? 'log-synced' : null;
  if (READS.includes(name)) {
    if (target.includes(`/tokens/${token}/`) && target.endsWith('/generation')) return 'key-used';
    // As seen by the service: the server's end of the socket has a path.
    return /^UNIX-STREAM:\[\d+->\d+\]$/.test(target) && data.includes('COMMIT\0') ? 'commit-heard' : null;
  }
  if (!WRITES.includes(name)) return null;
  if (LOG.test(target)) return 'log-written';
  if (target.endsWith(`/signers/${token}/journal.000001.ndjson`)) return 'journal';
  if (target.startsWith(`TCP:[127.0.0.1:${apiPort}->`)) return 'answer';
  if (!target.startsWith('UNIX-STREAM:')) return null;
  if (data[FRAME_TYPE_AT] === CERTIFICATE && data[0] === 0) return 'frame';
  return data[FRAME_TYPE_AT] === SIGNATURE && data[0] === 0 ? 'signature' : null;
}

/**
 * Steps that must be finished count at their end; steps that must not begin too early count at
 * their beginning.
 */
const COUNTS_WHEN_OVER: readonly Step[] = ['log-synced', 'commit-heard', 'journal'];

export function judgeDurability(calls: readonly Syscall[], of: TracedCall): DurabilityVerdict {
  const steps = calls
    .flatMap((call) => {
      const step = stepOf(call, of);
      return step === null ? [] : [{ step, at: COUNTS_WHEN_OVER.includes(step) ? call.end : call.start }];
    })
    .sort((one, other) => one.at - other.at);
  const faults: DurabilityFault[] = [];
  const seen = { frames: 0, keyUses: 0, signatures: 0, answers: 0 };
  let isWritten = false;
  let isSynced = false;
  let isDurable = false;
  let isJournalled = false;
  let keyUsedEarly = false;
  for (const { step } of steps) {
    switch (step) {
      case 'log-written':
        isWritten = true;
        break;
      case 'log-synced':
        isSynced = isWritten;
        isDurable ||= isSynced && !of.hasServer;
        break;
      case 'commit-heard':
        isDurable ||= isSynced;
        break;
      case 'frame':
        seen.frames += 1;
        if (!isDurable) faults.push('the signer was asked before the intent was on the disk');
        break;
      case 'journal':
        isJournalled = true;
        break;
      case 'key-used':
        seen.keyUses += 1;
        keyUsedEarly = !isJournalled;
        break;
      case 'signature':
        seen.signatures += 1;
        if (!isJournalled) faults.push('a signature was handed out before the journal had it');
        else if (keyUsedEarly) faults.push('the key was used before the journal had it');
        isWritten = false;
        isSynced = false;
        isDurable = false;
        break;
      case 'answer':
        seen.answers += 1;
        if (!isDurable) faults.push('the answer was sent before the result was on the disk');
        isWritten = false;
        isSynced = false;
        isDurable = false;
        isJournalled = false;
        break;
    }
  }
  return { faults, seen };
}
