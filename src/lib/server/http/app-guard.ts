import type { Guard } from './door.ts';
import { originOf } from './origin.ts';

/** The guard of normal operation: everything is open that its row opens. */
export const appGuard: Guard = {
	admits: () => true,
	authenticate: async (event) => {
		const { request, url, locals } = event;
		const source = { headers: request.headers, query: url.searchParams };
		const origin = originOf(event);
		const identity = await locals.container.authenticator.authenticate(source, origin);
		return identity && { ...identity, origin };
	}
};
