/** `pfcng audit`: verifies and searches the audit log, and makes keys of its tags. */
import type { Command } from 'commander';
import { registerSearch } from './search.js';
import { registerTagKey } from './tag-key.js';
import { registerVerify } from './verify.js';

export function registerAudit(program: Command): void {
  const audit = program.command('audit').description('the audit log');
  registerVerify(audit);
  registerSearch(audit);
  registerTagKey(audit);
}
