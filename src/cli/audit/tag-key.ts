/** `pfcng audit tag-key make YEAR`: makes the key of the tags of a year. */
import { type Command, InvalidArgumentError } from 'commander';
import { makeTagKey, tagKeyFile } from '../../config/tag-keys.js';
import { makeSharedKey } from '../common/make-key.js';

export function registerTagKey(audit: Command): void {
  audit
    .command('tag-key')
    .description('the keys of the tags that stand for personal values')
    .command('make')
    .description('make the key of a year; it is copied to every node, and backed up apart from the database')
    .argument('<year>', 'such as 2027', readYear)
    .action((year: string) => makeSharedKey({ fileOf: (paths) => tagKeyFile(paths, year), make: makeTagKey }));
}

function readYear(value: string): string {
  if (!/^20\d\d$/.test(value)) throw new InvalidArgumentError('it is a year, such as 2027.');
  return value;
}
