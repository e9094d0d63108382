import type { Guard } from './auth-hook.ts';
import { isApi } from '#lib/server/platform/http/route-operation.ts';
import { getClientInfo } from '#lib/server/platform/http/client-info.ts';

/** The guard of normal mode: everything in the contract is reachable. */
export const normalGuard: Guard = {
	admits: () => true,
	authenticate: async (event) => {
		const { request, url, locals } = event;
		// Any site can create a link to a page, so credentials in the query would let that site sign the user in as someone else.
		const query = isApi(event) ? url.searchParams : new URLSearchParams();
		const source = { headers: request.headers, query };
		const clientInfo = getClientInfo(event);
		const identity = await locals.container.authenticator.authenticate(source, clientInfo);
		return identity && { ...identity, clientInfo };
	}
};
