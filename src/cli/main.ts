#!/usr/bin/env node
/** The `pfcng` command. Exit codes: 0 done, 1 refused or failed, 2 usage. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { registerAudit } from './audit.js';
import { registerCard } from './card.js';
import { registerCeremony } from './ceremony.js';
import { registerPlay } from './play.js';
import { registerReconcile } from './reconcile.js';
import { registerServe } from './serve.js';
import { registerSigner } from './signer.js';
import { packageVersion } from './version.js';

export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('pfcng')
    .description('Certificate authority of the French health sector: cards, organisations and servers.')
    .version(packageVersion())
    .showHelpAfterError('(pfcng --help lists the commands)')
    .exitOverride();
  registerServe(program);
  registerPlay(program);
  registerCeremony(program);
  registerAudit(program);
  registerReconcile(program);
  registerSigner(program);
  registerCard(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`pfcng: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

const entry = process.argv[1];
if (entry !== undefined && realpathSync(entry) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
