import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import Provider, { type Configuration, type ClientMetadata } from 'oidc-provider';
import { z } from 'zod';
import { parseSetCookie } from './set-cookie.ts';

export const clientId = 'photos';
export const clientSecret = 'a-secret-of-the-provider';

export interface OidcOptions {
	readonly redirectUris: readonly string[];
	/** Its host name; two providers with the same one share their cookies in a browser. */
	readonly host?: 'localhost' | '127.0.0.1';
	readonly client?: Partial<ClientMetadata>;
	readonly configuration?: Configuration;
	/** The provider's claims about each user, by subject. */
	readonly claims?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const Asked = z.object({ route: z.string(), body: z.record(z.string(), z.unknown()).catch({}) });
const Answer = z.custom<object>((value) => typeof value === 'object' && value !== null).catch({});

/** A request to one provider endpoint, and the response about to be sent. */
interface Exchange {
	readonly headers: IncomingHttpHeaders;
	readonly body: Readonly<Record<string, unknown>>;
	readonly answer: object;
}

/** A real provider on loopback. */
export class Oidc {
	readonly issuer: string;
	readonly claims: Record<string, Readonly<Record<string, unknown>>>;
	readonly provider: Provider;
	readonly #server: Server;

	private constructor(issuer: string, provider: Provider, server: Server, claims: Oidc['claims']) {
		this.issuer = issuer;
		this.provider = provider;
		this.#server = server;
		this.claims = claims;
	}

	static async start({
		redirectUris,
		host = '127.0.0.1',
		client = {},
		configuration = {},
		claims = {}
	}: OidcOptions): Promise<Oidc> {
		const server = createServer();
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('The provider has no port');
		const issuer = `http://${host}:${String(address.port)}`;
		const known = { ...claims };
		const names = ['email', 'email_verified', 'name', 'given_name', 'family_name', 'preferred_username', 'picture'];
		const provider = new Provider(issuer, {
			clients: [
				{
					client_id: clientId,
					client_secret: clientSecret,
					token_endpoint_auth_method: 'client_secret_post',
					redirect_uris: [...redirectUris],
					...client
				}
			],
			jwks: { keys: [signingKey('rsa'), signingKey('ec')] },
			cookies: { keys: ['for tests only'] },
			claims: { openid: ['sub', ...names, 'immich_role', 'immich_quota', 'sid'] },
			findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...known[sub], sub }) }),
			conformIdTokenClaims: false,
			pkce: { required: () => false },
			features: { devInteractions: { enabled: true }, ...configuration.features },
			...Object.fromEntries(Object.entries(configuration).filter(([name]) => name !== 'features'))
		});
		// Created anew each time, so that a test can intercept at any moment.
		server.on('request', (request, response) => void provider.callback()(request, response));
		return new Oidc(issuer, provider, server, known);
	}

	/** Goes through the provider’s pages as this user, and returns the URL of the redirect back. */
	async approve(authorizationUrl: string, subject: string): Promise<string> {
		const jar = new Map<string, string>();
		let [method, url, body] = ['GET', authorizationUrl, undefined as string | undefined];
		for (let step = 0; step < 12; step++) {
			const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
			const headers = {
				cookie,
				...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' })
			};
			const response = await fetch(url, {
				method,
				headers,
				redirect: 'manual',
				...(body === undefined ? {} : { body })
			});
			for (const [name, value] of response.headers.getSetCookie().map(parseSetCookie)) jar.set(name, value);
			const text = await response.text();
			const location = response.headers.get('location');
			if (location !== null) {
				const next = new URL(location, url).href;
				if (!next.startsWith(this.issuer)) return next;
				[method, url, body] = ['GET', next, undefined];
				continue;
			}
			const action = /action="([^"]+)"/.exec(text)?.[1];
			const prompt = /name="prompt" value="([^"]+)"/.exec(text)?.[1];
			if (action === undefined || prompt === undefined)
				throw new Error(`The provider answered ${response.status}: ${text}`);
			const fields = prompt === 'login' ? { prompt, login: subject, password: 'any' } : { prompt };
			[method, url, body] = ['POST', new URL(action, url).href, new URLSearchParams(fields).toString()];
		}
		throw new Error('The provider leads nowhere');
	}

	/** Runs a callback before a response is sent from one route, by the provider’s own name for it. */
	at(route: string, change: (exchange: Exchange) => unknown): void {
		this.provider.use(async (ctx, next) => {
			await next();
			const asked = Asked.safeParse(ctx['oidc']).data;
			if (asked?.route === route)
				await change({ headers: ctx.headers, body: asked.body, answer: Answer.parse(ctx.body) });
		});
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		this.#server.close();
		await once(this.#server, 'close');
	}
}

function signingKey(kind: 'rsa' | 'ec') {
	const { privateKey } =
		kind === 'rsa'
			? generateKeyPairSync('rsa', { modulusLength: 2048 })
			: generateKeyPairSync('ec', { namedCurve: 'P-256' });
	return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: kind === 'rsa' ? 'RS256' : 'ES256' };
}
