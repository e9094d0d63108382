import type { Guard } from './auth-hook.ts';
import { isApi } from '#lib/server/platform/http/route-operation.ts';
import { originOf } from '#lib/server/platform/http/client-info.ts';

/** The guard of normal operation: everything is open that its row opens. */
export const appGuard: Guard = {
	admits: () => true,
	authenticate: async (event) => {
		const { request, url, locals } = event;
		// A page's address can be written by any site, so credentials there would let it sign its reader in as someone else.
		const query = isApi(event) ? url.searchParams : new URLSearchParams();
		const source = { headers: request.headers, query };
		const origin = originOf(event);
		const identity = await locals.container.authenticator.authenticate(source, origin);
		return identity && { ...identity, origin };
	}
};
