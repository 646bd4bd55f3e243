/**
 * Finds the founding certificates in the home folder, which are those that ceremonies have made in
 * steps `create-founding-certificate`. The plans of the ceremonies name their files.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { planCopyPath, transcriptPath } from '../ceremony/plan/paths.js';
import { foundingSteps, mentionsFounding, type VerifiedFounding, verifyFounding } from '../ceremony/verify/founding.js';
import { describeVerifyFault } from '../ceremony/verify/verify.js';
import { readBelow, readTranscript } from '../ceremony-host/files.js';
import { errorMessage } from '../kernel/errors.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { FoundingFile } from '../operations/status/founding-file.js';
import { parseIssuerId } from '../policy/ids.js';
import type { IssuerId } from '../ports/signer.js';
import type { Home } from './home.js';

type HomeFolder = Pick<Home, 'policy'> & {
  readonly config: { readonly paths: Pick<Home['config']['paths'], 'home' | 'ceremony'> };
};

/**
 * A longer file is not read. This limits the memory, because the certificates of all ceremonies are
 * in memory at the same time.
 */
const CERTIFICATE_BYTES_MAX = 2 * LIMITS.tbsCertificateBytesMax;

/**
 * Lists the founding certificates of all ceremonies. A ceremony is verified when `verify` of one of
 * its files is called for the first time, and only once. Callers do this for a certificate that is
 * not in the database yet. A file or folder that cannot be read becomes an entry whose `verify`
 * fails, so that the service starts all the same.
 */
export function foundingFiles({ config: { paths }, policy }: HomeFolder): readonly FoundingFile[] {
  const names = tryToRead(() => (existsSync(paths.ceremony) ? readdirSync(paths.ceremony).sort() : []));
  if (!names.ok) return [unusableFile('', paths.ceremony, names)];
  return names.value.flatMap((ceremony) => {
    const files = tryToRead(() => filesOf({ home: paths.home, policy }, ceremony));
    return files.ok ? files.value : [unusableFile(ceremony, transcriptPath({ id: ceremony }), files)];
  });
}

const NOT_A_PLAN = err('is too large, or not a file of the home folder itself: a link leads out of it');

/** Calls `read`; if it throws, the error says that something cannot be read, and why. */
function tryToRead<Value>(read: () => Value): Result<Value, string> {
  try {
    return ok(read());
  } catch (thrown) {
    return err(`cannot be read: ${errorMessage(thrown)}`);
  }
}

function unusableFile(ceremony: string, file: string, fault: Result<never, string>): FoundingFile {
  return { kind: 'founding', ceremony, issuer: null, file, certificate: null, verify: () => fault };
}

type CeremonyFolder = { readonly home: string; readonly policy: Home['policy'] };

function filesOf({ home, policy }: CeremonyFolder, ceremony: string): readonly FoundingFile[] {
  const [planFile, transcriptFile] = [planCopyPath({ id: ceremony }), transcriptPath({ id: ceremony })];
  const [plan, transcript] = [readBelow(home, planFile), readBelow(home, transcriptFile)];
  if (plan === null && existsSync(join(home, planFile))) return [unusableFile(ceremony, planFile, NOT_A_PLAN)];
  const isMentioned = [plan, transcript].some((content) =>
    mentionsFounding(new TextDecoder().decode(content ?? undefined)),
  );
  if (!isMentioned) return [];
  let verified: Result<ReadonlyMap<string, VerifiedFounding>, string> | null = null;
  const file = (issuer: IssuerId | null, path: string): FoundingFile => ({
    kind: 'founding',
    ceremony,
    issuer,
    file: path,
    certificate: readBelow(home, path, CERTIFICATE_BYTES_MAX),
    verify: () => {
      verified ??= verifyOrReport({ home, policy }, ceremony);
      if (!verified.ok) return verified;
      const found = verified.value.get(path);
      return found === undefined ? err('the plan of the ceremony does not name it') : ok(found);
    },
  });
  const steps = plan === null ? null : foundingSteps(plan);
  // A plan that is damaged or missing is reported once for its ceremony.
  if (steps === null) return [file(null, planFile)];
  return steps.map(({ issuer, output }) => {
    const parsed = parseIssuerId(issuer);
    return file(parsed.ok ? parsed.value.id : null, output);
  });
}

function verifyOrReport(folder: CeremonyFolder, ceremony: string): ReturnType<typeof verifyCeremony> {
  const verified = tryToRead(() => verifyCeremony(folder, ceremony));
  return verified.ok ? verified.value : verified;
}

function verifyCeremony(
  { home, policy }: CeremonyFolder,
  ceremony: string,
): Result<ReadonlyMap<string, VerifiedFounding>, string> {
  const transcript = readTranscript(join(home, transcriptPath({ id: ceremony })));
  if (!transcript.ok) return err(describeVerifyFault(transcript.error).en);
  const artefacts = (path: string) => readBelow(home, path);
  return verifyFounding({ ceremony, lines: transcript.value.lines, artefacts, policy });
}
