/**
 * The plan of a hierarchy without its CMP signers, for tests of other steps: the request that these
 * steps certify comes from the ceremony of the platform.
 */
type AnyPlan = { readonly steps: readonly { readonly do: string }[]; readonly outputs: readonly string[] };

export function withoutCmpSigners<Plan extends AnyPlan>(plan: Plan): Plan {
  return {
    ...plan,
    steps: plan.steps.filter((step) => step.do !== 'create-cmp-signer'),
    outputs: plan.outputs.filter((path) => !path.endsWith('.cmp.cer')),
  };
}
