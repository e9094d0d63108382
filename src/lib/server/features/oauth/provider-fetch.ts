import type { CustomFetch } from 'openid-client';
import type { OAuthProvider } from '#lib/server/features/settings/index.ts';
import { readBounded } from '#lib/server/platform/bounded-bytes.ts';

const maxAnswerBytes = 1024 * 1024;

/** Creates a fetch for requests to a provider, with a timeout, a size limit and without redirects. */
export const fetchFor =
	({ timeout, allowInsecureRequests }: OAuthProvider): CustomFetch =>
	async (address, { body, method, headers, signal }) => {
		const { protocol } = new URL(address);
		if (protocol !== 'https:' && !(allowInsecureRequests && protocol === 'http:'))
			throw new Error('only requests over https are allowed');
		const inTime = AbortSignal.timeout(Math.min(timeout, 2_147_483_647));
		const response = await fetch(address, {
			body: body instanceof Uint8Array ? Uint8Array.from(body) : (body ?? null),
			method,
			headers,
			redirect: 'manual',
			signal: signal ? AbortSignal.any([signal, inTime]) : inTime
		});
		if (response.status >= 300 && response.status < 400) {
			await response.body?.cancel();
			throw new Error('the provider led elsewhere');
		}
		const tooLarge = () => new Error('the answer of the provider is too large');
		const answer = response.body && (await readBounded(response.body, maxAnswerBytes, tooLarge));
		return new Response(answer?.length ? answer : null, { status: response.status, headers: response.headers });
	};
