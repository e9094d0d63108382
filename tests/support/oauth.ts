import { expect } from 'vitest';
import { OAuthAuthorizeResponseDto } from '#lib/contract/oauth/oauth.ts';
import type { Api } from './api.ts';
import { clientId, clientSecret, type Oidc } from './oidc.ts';
import { cookieHeaderOf } from './set-cookie.ts';

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
	// The server hears of it a moment later.
	const shown = async () => (await api.request('GET', '/api/server/config')).text;
	await expect.poll(shown).toContain(`"${buttonText}"`);
}

/** Begins a flow as a browser does, and gives the provider’s address and what the browser holds. */
export async function begin(api: Api, body: Readonly<Record<string, unknown>> = {}) {
	const reply = await api.request('POST', '/api/oauth/authorize', { body: { redirectUri, ...body } });
	if (reply.status !== 201) throw new Error(`authorize answered ${reply.status}: ${reply.text}`);
	return { url: OAuthAuthorizeResponseDto.parse(reply.body).url, cookie: cookieHeaderOf(reply.cookies), reply };
}

/** Goes to the provider and back as this person, up to the call of the callback. */
export async function comeBack(api: Api, oidc: Oidc, subject: string, body: Readonly<Record<string, unknown>> = {}) {
	const begun = await begin(api, body);
	return { url: await oidc.approve(begun.url, subject), cookie: begun.cookie };
}

/** The whole way in. */
export async function signInBy(api: Api, oidc: Oidc, subject: string) {
	const { url, cookie } = await comeBack(api, oidc, subject);
	return api.request('POST', '/api/oauth/callback', { body: { url }, cookie });
}
