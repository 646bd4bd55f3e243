import { Badge } from '../../components/text.js';
import { ACCOUNT_WORDS } from '../../words/accounts.js';

export function StateBadge({ isDisabled }: { readonly isDisabled: boolean }) {
  return isDisabled ? (
    <Badge tone="quiet" label={ACCOUNT_WORDS.disabled} />
  ) : (
    <Badge tone="good" label={ACCOUNT_WORDS.enabled} />
  );
}
