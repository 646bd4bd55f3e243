#!/usr/bin/env node
/** The `pfcng` command. Exit codes: 0 success, 1 refused or failed, 2 wrong usage. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, CommanderError } from 'commander';
import { systemSteadyMs } from '../compose/world.js';
import { packageVersion } from '../config/version.js';
import { inBothLanguages } from '../kernel/bilingual.js';
import { errorMessage } from '../kernel/errors.js';
import { startActivity } from '../terminal/activity.js';
import { fail } from '../terminal/say.js';
import { systemErrorText } from '../terminal/system-error.js';
import { PfcngCommand } from './common/command.js';

type Register = (program: Command) => void;

/**
 * Sub-commands by their names. Each is loaded only when it is called, so that a signer does not
 * load the ceremony.
 */
const COMMANDS: readonly { readonly words: readonly string[]; readonly load: () => Promise<Register> }[] = [
  { words: ['start', 'serve'], load: async () => (await import('./serve/serve.js')).registerServe },
  { words: ['play'], load: async () => (await import('./play/play.js')).registerPlay },
  { words: ['ceremony'], load: async () => (await import('./ceremony/ceremony.js')).registerCeremony },
  { words: ['account'], load: async () => (await import('./account/account.js')).registerAccount },
  { words: ['cert'], load: async () => (await import('./cert/cert.js')).registerCert },
  { words: ['crl'], load: async () => (await import('./crl.js')).registerCrl },
  { words: ['order'], load: async () => (await import('./order/order.js')).registerOrder },
  { words: ['campaign'], load: async () => (await import('./campaign/campaign.js')).registerCampaign },
  { words: ['revocation'], load: async () => (await import('./revocation.js')).registerRevocation },
  { words: ['approvals', 'approve', 'refuse'], load: async () => (await import('./approvals.js')).registerApprovals },
  { words: ['webhook'], load: async () => (await import('./webhook.js')).registerWebhook },
  { words: ['audit'], load: async () => (await import('./audit/audit.js')).registerAudit },
  { words: ['policy'], load: async () => (await import('./policy/policy.js')).registerPolicy },
  { words: ['lint'], load: async () => (await import('./lint/lint.js')).registerLint },
  { words: ['metrics'], load: async () => (await import('./metrics.js')).registerMetrics },
  { words: ['limits'], load: async () => (await import('./limits.js')).registerLimits },
  { words: ['relint'], load: async () => (await import('./relint.js')).registerRelint },
  { words: ['hsm'], load: async () => (await import('./hsm/hsm.js')).registerHsm },
  { words: ['signer'], load: async () => (await import('./signer/signer.js')).registerSigner },
  { words: ['status'], load: async () => (await import('./status.js')).registerStatus },
  {
    words: ['registration-key'],
    load: async () => (await import('./registration-key/registration-key.js')).registerRegistrationKey,
  },
  { words: ['key'], load: async () => (await import('./key/key.js')).registerKey },
  { words: ['clock'], load: async () => (await import('./clock.js')).registerClock },
  { words: ['database'], load: async () => (await import('./database.js')).registerDatabase },
  { words: ['backup'], load: async () => (await import('./backup/backup.js')).registerBackup },
  { words: ['restore'], load: async () => (await import('./restore.js')).registerRestore },
  { words: ['nodes'], load: async () => (await import('./nodes.js')).registerNodes },
  { words: ['jobs'], load: async () => (await import('./jobs.js')).registerJobs },
  { words: ['doctor'], load: async () => (await import('./doctor/doctor.js')).registerDoctor },
  { words: ['holder'], load: async () => (await import('./holder.js')).registerHolder },
  { words: ['update'], load: async () => (await import('./update.js')).registerUpdate },
  { words: ['card'], load: async () => (await import('./card/card.js')).registerCard },
  { words: ['client'], load: async () => (await import('./client/client.js')).registerClient },
  { words: ['completion'], load: async () => (await import('./completion/completion.js')).registerCompletion },
];

/** They run until they are stopped, or say themselves what they do. */
const WITHOUT_ACTIVITY: readonly string[] = ['start', 'serve', 'signer', 'play', 'ceremony'];

/** Loads the sub-command that `word` names, or all of them if it names none. */
export async function createProgram(word?: string): Promise<Command> {
  const program = new PfcngCommand('pfcng')
    .description('Certificate authority of the French health sector: cards, organisations and servers.')
    .version(packageVersion())
    .showHelpAfterError('(pfcng COMMAND --help describes a command, pfcng --help lists them all)')
    .exitOverride();
  const called = COMMANDS.filter(({ words }) => words.includes(word ?? ''));
  for (const { load } of called.length === 0 ? COMMANDS : called) (await load())(program);
  return program;
}

export async function main(argv: readonly string[]): Promise<number> {
  const [word] = argv;
  // The completion lists all commands.
  const program = await createProgram(word === 'completion' ? undefined : word);
  const activity =
    word === undefined || WITHOUT_ACTIVITY.includes(word) ? null : startActivity(`pfcng ${word}`, systemSteadyMs);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const text = systemErrorText(error);
    if (text !== null) fail([inBothLanguages(text)]);
    else fail([errorMessage(error)]);
    return 1;
  } finally {
    activity?.stop();
  }
}

const entry = process.argv[1];
if (entry !== undefined && realpathSync(entry) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
