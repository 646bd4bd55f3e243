import { guardsOf, type Mutants } from './mutant.js';

const DATES = 'test/integration/campaigns/dates.test.ts';
const PENDING = 'test/integration/campaigns/pending.test.ts';
const PRESENT_KEY = 'test/integration/updates/present-key.test.ts';

const passing = guardsOf('src/operations/campaigns/pass-dates.ts', DATES);
const acting = guardsOf('src/operations/campaigns/act.ts', DATES);
const deciding = guardsOf('src/operations/campaigns/decide.ts', DATES);
const begins = guardsOf('src/operations/campaigns/update-hooks.ts', PENDING);
const places = guardsOf('src/updates/tickets.ts', 'test/unit/updates/tickets.test.ts');
const schema = guardsOf('src/db/schema/cards/campaigns.ts', 'test/integration/campaigns/rows.test.ts');

/** Guards of campaigns: their dates, their places, and their rows. */
export const CAMPAIGNS: Mutants = {
  'campaigns/armed': passing('A date that two officers have not armed does nothing.', {
    find: "const acts = isArmed(date) && campaign.state === 'open';",
    replace: "const acts = campaign.state === 'open';",
    title: 'that is not armed passes with an alarm, and nothing happens',
  }),
  'campaigns/moved-is-disarmed': deciding('A date that is moved is no longer armed.', {
    find: 'at === null ? null : { at, armedAt: null, outcome: null }',
    replace: 'at === null ? null : { at, armedAt: present?.armedAt ?? null, outcome: null }',
    title: 'is armed within the seven days before it, and moving it disarms it',
  }),
  'campaigns/part-is-not-done': guardsOf('src/operations/campaigns/update-hooks.ts', PRESENT_KEY)(
    'A card that still uses a certificate of the population is not done.',
    {
      find: "const event = isPart ? 'confirm-part' : update.event;",
      replace: "const event = isPart && rows.length === 0 ? 'confirm-part' : update.event;",
      title: 'is not all of what a campaign wants: a card is done when its last old certificate is replaced',
    },
  ),
  'campaigns/confirmed-left-out': acting('A card with a confirmed update keeps its certificates.', {
    find: "return kind === 'release' || state !== 'confirmed';",
    replace: 'return kind.length + state.length > 0;',
    title: 'revokes with the reason of the campaign, and cards without a certificate are gone',
  }),
  'campaigns/own-suspensions': acting('A release leaves what others have suspended.', {
    find: "(action.kind !== 'release' || suspendedBy.get(record.id) === campaignActor(campaign.id))",
    replace: "(action.kind !== 'release' || suspendedBy.has(record.id))",
    title: 'suspends what is not confirmed, and two officers release that and nothing else',
  }),
  'campaigns/revocation-goes-on': deciding('A release does not end a revocation that is under way.', {
    find: "if (campaign.action?.kind === 'revoke') return",
    replace: "if (campaign.action?.kind === 'release' && now === 0) return",
    title: 'whose revocation is under way is not ended by a release',
  }),
  'campaigns/begin-before-place': begins('A card does not begin before its place.', {
    find: 'if (from <= now) return null;',
    replace: 'if (from <= now || from > 0) return null;',
    title: 'that begins before its place is refused with it, and admitted from then on',
  }),
  'campaigns/places': places('A minute has no more cards than places.', {
    find: 'while (taken >= placesIn(minute, capacityPerHour)) {',
    replace: 'while (taken > placesIn(minute, capacityPerHour)) {',
    title: 'are taken in order, and no minute has more than its own',
  }),
  'campaigns/end-is-final': schema('Nobody opens an ended campaign again.', {
    find: `when: \`old.state = 'ended' and new.state <> 'ended'\``,
    replace: `when: \`old.state = 'ended' and new.state = 'draft'\``,
    title: 'cannot be changed by SQL where they are final',
  }),
  'campaigns/key-has-one-campaign': guardsOf(
    'src/operations/campaigns/create.ts',
    'test/integration/campaigns/api.test.ts',
  )('A repeated Idempotency-Key makes no second campaign, though the first one has ended.', {
    find: 'return claimOnce(tx, { idempotency, now, store, find: tx.campaign });',
    replace: 'return store();',
    title: 'is created once for an Idempotency-Key, also when the first one has ended',
  }),
  'campaigns/capacity-of-all': guardsOf(
    'src/operations/campaigns/capacity.ts',
    'test/integration/campaigns/api.test.ts',
  )('Open campaigns do not take more of a profile together than its cap leaves to campaigns.', {
    find: 'if (own + taken > max)',
    replace: 'if (own > max)',
    title: 'is not opened if it wants more than other open campaigns leave of a profile',
  }),
};
