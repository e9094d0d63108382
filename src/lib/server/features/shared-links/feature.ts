import type { AccessFeature } from '#lib/server/features/access/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { RateLimiter } from '#lib/server/platform/rate-limits/rate-limiter.ts';
import { LinkVisitService } from './link-visit.service.ts';
import type { SharedLinkStore } from './repositories.ts';
import { SharedLinkService } from './shared-link.service.ts';

/** Counted per network and per link. Visitors who have entered the password before aren't affected. */
const passwordLimit = { name: 'shared-link-password', attempts: 60, periodSeconds: 15 * 60 };

interface Needed {
	readonly access: Pick<AccessFeature, 'linkVisitors'>;
}

export function createSharedLinks({ store, pool, passwords }: Platform<SharedLinkStore>, { access }: Needed) {
	const { linkVisitors } = access;
	const passwordAttempts = new RateLimiter(pool, passwordLimit);
	return {
		services: {
			sharedLink: new SharedLinkService({ store, passwords }),
			linkVisit: new LinkVisitService({ store, passwords, linkVisitors, passwordAttempts })
		}
	} satisfies Feature;
}
