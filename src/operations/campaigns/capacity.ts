/**
 * What open campaigns may take of the hourly caps of the profiles. A card gets one certificate of a
 * profile, so that each profile has to bear the classes of all campaigns that update it.
 */
import type { Policy } from '../../policy/model.js';
import type { Campaign } from '../../ports/store/cards/campaigns.js';
import { type Fault, fault } from '../../texts/text.js';

/** The rest of a cap is for the certificates that have nothing to do with campaigns. */
const CAPACITY_SHARE = 0.8;

/** `others`: the campaigns that have been opened and have not ended. */
export function capacityFault(
  { profiles, environment }: Policy,
  campaign: Campaign,
  others: readonly Campaign[],
): Fault | null {
  const updatable = [...profiles.entries()].filter(([id, { update }]) => update !== null && updates(campaign, id));
  for (const [id, { certificatesPerHourMax }] of updatable) {
    const max = Math.floor((certificatesPerHourMax ?? environment.certificatesPerHourMax) * CAPACITY_SHARE);
    const own = capacityOf(campaign);
    const taken = others.filter((one) => updates(one, id)).reduce((sum, one) => sum + capacityOf(one), 0);
    if (own + taken > max) return fault('capacity-bounded', { profile: id, own, taken, max });
  }
  return null;
}

function updates({ document: { selection } }: Campaign, profile: string): boolean {
  return selection.kind === 'list' || selection.profiles === null || selection.profiles.includes(profile);
}

function capacityOf({ document: { classes } }: Campaign): number {
  return classes.reduce((sum, { capacityPerHour }) => sum + capacityPerHour, 0);
}
