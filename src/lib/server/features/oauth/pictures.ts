import http from 'node:http';
import https from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { maxProfileImageBytes } from '#lib/contract/profile-images/profile-image.ts';
import type { OAuthProvider } from '#lib/server/features/settings/index.ts';
import { readBounded } from '#lib/server/platform/bounded-bytes.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { getPictureClaim, type Profile } from './profile.ts';
import type { UserRow } from '#lib/server/features/users/index.ts';
import type { ProfileImageService } from '#lib/server/features/profile-images/index.ts';

const longestMs = 5_000;
const mostRedirects = 3;

/** Limits for the picture URL, a claim that users may be able to choose freely. */
type Limits = Pick<OAuthProvider, 'allowPrivatePictures' | 'allowInsecureRequests'>;

/**
 * Downloads a picture with limits on time and size. The resolved address is checked on connecting, again for each
 * redirect, so that neither a host name nor a redirect can lead into a private network.
 * @throws {Error} if the picture can't be downloaded within the limits
 */
export async function downloadPicture(address: string, limits: Limits): Promise<Uint8Array> {
	const signal = AbortSignal.timeout(longestMs);
	let url = new URL(address);
	for (let followed = 0; followed <= mostRedirects; followed++) {
		const response = await request(url, limits, signal);
		const { statusCode = 0 } = response;
		const { location } = response.headers;
		if (statusCode < 300 || statusCode >= 400 || location === undefined) return readPicture(response);
		response.destroy();
		url = new URL(location, url);
	}
	throw new Error('the picture leads elsewhere too often');
}

function request(url: URL, limits: Limits, signal: AbortSignal): Promise<http.IncomingMessage> {
	const isPlain = url.protocol === 'http:';
	if (url.protocol !== 'https:' && !(isPlain && limits.allowInsecureRequests))
		throw new Error('the address of the picture is not https');
	const filter = {
		allowPrivateIPAddress: limits.allowPrivatePictures,
		allowMetaIPAddress: limits.allowPrivatePictures
	};
	const agent = isPlain ? new RequestFilteringHttpAgent(filter) : new RequestFilteringHttpsAgent(filter);
	const { get } = isPlain ? http : https;
	return new Promise((resolve, reject) => {
		get(url, { agent, signal, headers: { accept: 'image/*' } }, resolve).on('error', reject);
	});
}

async function readPicture(response: http.IncomingMessage): Promise<Uint8Array> {
	if (response.statusCode !== 200) {
		response.destroy();
		throw new Error(`the picture was answered with ${String(response.statusCode)}`);
	}
	return readBounded(response, maxProfileImageBytes, () => new Error('the picture is too large'));
}

interface Dependencies {
	readonly profileImages: ProfileImageService;
	readonly log: Log;
}

/** Imports profile images from providers for users who have none. */
export class OAuthPictures {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** A failed download doesn't prevent the sign-in. Source: docs/wire-reference/oauth.md#post-oauthcallback. */
	async adopt(user: UserRow, profile: Profile, provider: OAuthProvider): Promise<void> {
		const address = getPictureClaim(profile);
		if (address === null || user.profileImagePath !== '') return;
		try {
			await this.#deps.profileImages.setFirst(user.id, await downloadPicture(address, provider));
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			this.#deps.log.warn({ userId: user.id, reason }, 'The picture of the provider was not taken');
		}
	}
}
