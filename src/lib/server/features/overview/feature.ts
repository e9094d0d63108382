import type { SignInLimitsFeature } from '#lib/server/features/sign-in-limits/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { OverviewService } from './overview.service.ts';
import type { OverviewStore } from './repositories.ts';

interface Needed {
	readonly signInLimits: SignInLimitsFeature;
}

export const createOverview = ({ store }: Platform<OverviewStore>, { signInLimits }: Needed) =>
	({ services: { overview: new OverviewService(store, signInLimits.attempts) } }) satisfies Feature;
