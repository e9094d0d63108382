import type { RequestEvent } from '@sveltejs/kit';
import { normalizeOrigin } from '#lib/server/platform/caller/request-site.ts';

const proxyAdvice =
	'Administrators: the proxy in front must pass Host with its port (in nginx: proxy_set_header Host $http_host), ' +
	'X-Forwarded-Proto and X-Forwarded-For, and be listed in IMMICH_TRUSTED_PROXIES.';

/** Explains a refused form to the user, and to an admin whose proxy hides the real address. */
export function crossSiteDetails({ request, url }: RequestEvent): { advice: string; cause: string } {
	const origin = request.headers.get('origin');
	const site = request.headers.get('sec-fetch-site');
	const cause = `Origin ${origin ?? '-'}, Sec-Fetch-Site ${site ?? '-'}, expected ${url.origin}`;
	const named = origin === null ? null : normalizeOrigin(origin);
	if (named !== null && named !== 'null')
		return {
			cause,
			advice: `Your browser sent this form from ${named}, but this server takes itself for ${url.origin}. If both are your server: ${proxyAdvice}`
		};
	if (site !== null)
		return { cause, advice: 'Your browser says that another site sent this form. Open the page here and try again.' };
	return {
		cause,
		advice:
			'Your browser did not say which site sent this form. Reload the page and try again. ' +
			'Administrators: do not let a proxy add Referrer-Policy: no-referrer or remove the Origin header.'
	};
}
