/** Asks for what two officers decide about a campaign; a second officer then approves it. */
import type { Command } from 'commander';
import { type ShownApproval, sayRequested } from '../approvals.js';
import { ask, type Caller, inApi, type JsonOption, withJson } from '../common/api-command.js';

type Dates = Caller & JsonOption & { readonly suspends?: string; readonly revokes?: string };

export function registerDecisions(command: (name: string, description: string) => Command): void {
  const decision = <Options extends Caller & JsonOption>(
    [name, path, description]: readonly [string, string, string],
    bodyOf: (options: Options, argument: string) => object = () => ({}),
  ): Command =>
    withJson(command(name, description)).action((id: string, second: string | Options, third?: Options) => {
      const [argument, options] = typeof second === 'string' ? [second, third as Options] : ['', second];
      return inApi(options, async (api) => {
        const payload = JSON.stringify(bodyOf(options, argument));
        const campaign = `/v1/campaigns/${encodeURIComponent(id)}`;
        sayRequested(await ask<{ readonly approval: ShownApproval }>(api, `${campaign}/${path}`, { payload }), options);
      });
    });
  decision(['open <id>', 'opening', 'ask to open a campaign']);
  decision<Dates>(['dates <id>', 'dates', 'ask to set or move the dates of a campaign'], ({ suspends, revokes }) => ({
    ...(suspends === undefined ? {} : { suspendsAt: dateOf(suspends) }),
    ...(revokes === undefined ? {} : { revokesAt: dateOf(revokes) }),
  }))
    .option('--suspends <time>', 'when the certificates are suspended (RFC 3339), or never')
    .option('--revokes <time>', 'when they are revoked (RFC 3339), or never');
  decision(
    ['arm <id> <date>', 'arming', 'ask to arm a date, suspension or revocation, so that it acts'],
    (_, date) => ({
      date,
    }),
  );
  decision(['release <id>', 'release', 'ask to release what the campaign has suspended']);
  decision(['end <id>', 'end', 'ask to end a campaign']);
}

function dateOf(written: string): string | null {
  return written === 'never' ? null : written;
}
