import { expect } from 'vitest';
import { OAuthAuthorizeResponseDto } from '#lib/contract/oauth/oauth.ts';
import type { Api } from './api.ts';
import { clientId, clientSecret, type Oidc } from './oidc.ts';
import { toCookieHeader } from './set-cookie.ts';

export const redirectUri = 'http://photos.example.test/auth/login';

let configured = 0;

/** Sets the first provider in the settings. */
export async function configureOAuth(
	api: Api,
	oidc: { readonly issuer: string },
	fields: Readonly<Record<string, unknown>> = {}
) {
	const buttonText = `Sign in by provider ${++configured}`;
	const oauth = {
		enabled: true,
		buttonText,
		issuerUrl: oidc.issuer,
		clientId,
		clientSecret,
		allowInsecureRequests: true,
		...fields
	};
	const where = { key: 'system-config' };
	await api.prisma.systemMetadata.upsert({
		where,
		create: { ...where, value: { oauth } },
		update: { value: { oauth } }
	});
	// The server picks up the change a moment later.
	const shown = async () => (await api.request('GET', '/api/server/config')).text;
	await expect.poll(shown).toContain(`"${buttonText}"`);
}

/** Starts a flow as a browser does, and returns the provider’s URL and the browser's cookies. */
export async function begin(api: Api, body: Readonly<Record<string, unknown>> = {}) {
	const reply = await api.request('POST', '/api/oauth/authorize', { body: { redirectUri, ...body } });
	if (reply.status !== 201) throw new Error(`authorize answered ${reply.status}: ${reply.text}`);
	return { url: OAuthAuthorizeResponseDto.parse(reply.body).url, cookie: toCookieHeader(reply.cookies), reply };
}

/** Goes to the provider and back as this user, up to the callback request. */
export async function comeBack(api: Api, oidc: Oidc, subject: string, body: Readonly<Record<string, unknown>> = {}) {
	const begun = await begin(api, body);
	return { url: await oidc.approve(begun.url, subject), cookie: begun.cookie };
}

/** Runs the complete sign-in. */
export async function signInBy(api: Api, oidc: Oidc, subject: string) {
	const { url, cookie } = await comeBack(api, oidc, subject);
	return api.request('POST', '/api/oauth/callback', { body: { url }, cookie });
}
