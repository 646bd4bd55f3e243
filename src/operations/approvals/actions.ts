/** All actions that need two officers. The file of an action says what it does, and to what. */
import type { ApprovalSubject } from '../../approvals/statement.js';
import { changeRights, disableAccount, enableAccount, newAccount } from '../accounts/approved.js';
import {
  armCampaignDate,
  endCampaign,
  openCampaign,
  releaseCampaign,
  setCampaignDates,
} from '../campaigns/approved.js';
import { unbarHolder } from '../cards/unbar-holder.js';
import { unblockKey } from '../keys/unblock-key.js';
import { decideUpdate } from '../updates/decide.js';
import type { ApprovalAction } from './action.js';

const ACTIONS = {
  'account.add': newAccount,
  'account.change': changeRights,
  'account.disable': disableAccount,
  'account.enable': enableAccount,
  'holder.unbar': unbarHolder,
  'campaign.arm': armCampaignDate,
  'campaign.dates': setCampaignDates,
  'campaign.end': endCampaign,
  'campaign.open': openCampaign,
  'campaign.release': releaseCampaign,
  'key.unblock': unblockKey,
  'update.decide': decideUpdate,
} as const;

export type ActionName = keyof typeof ACTIONS;

export const ACTION_NAMES = Object.keys(ACTIONS) as readonly ActionName[];

/**
 * The action of an approval; null: this version of the program has none of this name. Its subject
 * was validated when the action was requested, and guards of the database keep it.
 */
export function actionNamed(name: string): ApprovalAction<ApprovalSubject> | null {
  return Object.hasOwn(ACTIONS, name) ? (ACTIONS[name as ActionName] as ApprovalAction<ApprovalSubject>) : null;
}
