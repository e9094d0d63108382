import type { Guard } from './door.ts';

/** The guard of normal operation: everything is open that its row opens. */
export const appGuard: Guard = {
	admits: () => true,
	authenticate: ({ request, url, locals, getClientAddress }) =>
		locals.container.authenticator.authenticate(
			{ headers: request.headers, query: url.searchParams },
			getClientAddress()
		)
};
