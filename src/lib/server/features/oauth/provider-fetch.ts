import type { CustomFetch } from 'openid-client';
import type { OAuthProvider } from '#lib/server/features/settings/index.ts';

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
		const text = await readText(response);
		return new Response(text, { status: response.status, headers: response.headers });
	};

async function readText(response: Response): Promise<Uint8Array<ArrayBuffer> | null> {
	const parts: Uint8Array[] = [];
	let sizeBytes = 0;
	const reader = response.body?.getReader();
	for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
		sizeBytes += part.value.byteLength;
		if (sizeBytes > maxAnswerBytes) {
			await reader?.cancel();
			throw new Error('the answer of the provider is too large');
		}
		parts.push(part.value);
	}
	return sizeBytes === 0 ? null : Buffer.concat(parts);
}
