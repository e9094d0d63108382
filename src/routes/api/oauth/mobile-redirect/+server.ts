import { redirect } from '@sveltejs/kit';
import { endpoint } from '#lib/server/platform/http/endpoint.ts';

const mobileApp = 'app.immich:///oauth-callback';

export const GET = endpoint('redirectOAuthToMobile', ({ event }) =>
	redirect(307, `${mobileApp}${event.url.search || '?'}`)
);
