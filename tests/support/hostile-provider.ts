import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { JWTPayload } from 'jose';
import { clientId, clientSecret } from './oidc.ts';
import { makeSigner, type Signer } from './provider-keys.ts';
import { selfSigned } from './self-signed.ts';

type Endpoint = 'discovery' | 'token' | 'keys' | 'profile';
type Fields = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string | undefined>>;
type Answer = (response: http.ServerResponse) => void;

/** How the provider lies; an undefined field is omitted from its response. */
export interface Lies {
	/** Its discovery document. */
	readonly metadata?: (issuer: string) => Fields;
	/** Replaces whole responses. */
	readonly answers?: Partial<Record<Endpoint, Answer>>;
	/** The claims of the ID token. */
	readonly claims?: Fields;
	/** Signs the ID token, and a signed profile, differently. */
	readonly sign?: (claims: JWTPayload, signer: Signer) => string | Promise<string>;
	/** Its UserInfo response. */
	readonly profile?: Fields;
	readonly isProfileSigned?: boolean;
	/** The parameters of its redirect back. */
	readonly back?: Texts;
}

/** A small provider that is honest until a test makes it lie. */
export class HostileProvider {
	lies: Lies = {};
	/** The claims of the user it signs in. */
	person: Fields = {};
	/** Number of requests by endpoint. */
	readonly asked: Record<Endpoint, number> = { discovery: 0, token: 0, keys: 0, profile: 0 };
	/** All secrets that it has issued, which must not appear in any log. */
	readonly secrets: string[] = [];
	readonly issuer: string;
	readonly #server: http.Server;
	readonly #begun = new Map<string, { readonly nonce: string; readonly challenge: string | null }>();
	#signer: Signer;

	private constructor(issuer: string, server: http.Server, signer: Signer) {
		this.issuer = issuer;
		this.#server = server;
		this.#signer = signer;
	}

	static async start({ isSecure = false } = {}): Promise<HostileProvider> {
		const server = isSecure ? https.createServer(selfSigned) : http.createServer();
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		// A server that listens on a port has an address.
		const { port } = server.address() as AddressInfo;
		const issuer = `${isSecure ? 'https' : 'http'}://127.0.0.1:${port}`;
		const provider = new HostileProvider(issuer, server, await makeSigner());
		server.on('request', (request, response) => {
			provider.#serve(request, response).catch(() => response.destroy());
		});
		return provider;
	}

	/** The current signing key. */
	get signer(): Signer {
		return this.#signer;
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		this.#server.close();
		await once(this.#server, 'close');
	}

	/** Replaces the signing key with a new one. */
	async rotateKeys(): Promise<void> {
		this.#signer = await makeSigner();
	}

	/** Approves the sign-in as the user and returns the URL that the browser is redirected to. */
	comeBack(authorizationUrl: string): string {
		const { searchParams } = new URL(authorizationUrl);
		const code = this.#secret();
		this.#begun.set(code, {
			nonce: searchParams.get('nonce') ?? '',
			challenge: searchParams.get('code_challenge')
		});
		const back = new URL(searchParams.get('redirect_uri') ?? '');
		const said: Texts = { code, state: searchParams.get('state') ?? undefined, iss: this.issuer, ...this.lies.back };
		for (const [name, value] of Object.entries(said)) if (value !== undefined) back.searchParams.set(name, value);
		return back.href;
	}

	async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
		const asked = (await buffer(request)).toString();
		if (request.url?.startsWith('/authorize')) {
			response.writeHead(302, { location: this.comeBack(`${this.issuer}${request.url}`) }).end();
			return;
		}
		const endpoint = getEndpoint(request.url);
		this.asked[endpoint]++;
		const lie = this.lies.answers?.[endpoint];
		if (lie) return lie(response);
		const answer = await {
			discovery: () => this.#metadata(),
			keys: () => ({ keys: [this.#signer.publicKey] }),
			token: () => this.#tokens(new URLSearchParams(asked)),
			profile: () => this.#profile()
		}[endpoint]();
		if (typeof answer === 'string') response.setHeader('content-type', 'application/jwt').end(answer);
		else sendJson(response, answer, 'error' in answer ? 400 : 200);
	}

	#metadata(): Fields {
		const { issuer } = this;
		return {
			issuer,
			authorization_endpoint: `${issuer}/authorize`,
			token_endpoint: `${issuer}/token`,
			userinfo_endpoint: `${issuer}/profile`,
			jwks_uri: `${issuer}/keys`,
			end_session_endpoint: `${issuer}/end`,
			code_challenge_methods_supported: ['S256'],
			authorization_response_iss_parameter_supported: true,
			...this.lies.metadata?.(issuer)
		};
	}

	async #tokens(asked: URLSearchParams): Promise<Fields> {
		const begun = this.#begun.get(asked.get('code') ?? '');
		const challenge = createHash('sha256')
			.update(asked.get('code_verifier') ?? '')
			.digest('base64url');
		if (!begun || challenge !== begun.challenge || asked.get('client_secret') !== clientSecret)
			return { error: 'invalid_grant' };
		this.#begun.delete(asked.get('code') ?? '');
		const now = Math.floor(Date.now() / 1_000);
		const honest = { iss: this.issuer, aud: clientId, iat: now, exp: now + 300, nonce: begun.nonce, ...this.person };
		const idToken = await this.#sign({ ...honest, ...this.lies.claims });
		this.secrets.push(idToken);
		return { access_token: this.#secret(), token_type: 'Bearer', expires_in: 300, id_token: idToken };
	}

	async #profile(): Promise<Fields | string> {
		const said: Fields = { ...this.person, ...this.lies.profile };
		return this.lies.isProfileSigned ? this.#sign({ iss: this.issuer, aud: clientId, ...said }) : said;
	}

	#sign(claims: JWTPayload): string | Promise<string> {
		return this.lies.sign ? this.lies.sign(claims, this.#signer) : this.#signer.sign(claims);
	}

	#secret(): string {
		const secret = randomBytes(24).toString('base64url');
		this.secrets.push(secret);
		return secret;
	}
}

export const sendJson = (response: http.ServerResponse, body: unknown, status = 200): void => {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

function getEndpoint(url = ''): Endpoint {
	if (url.startsWith('/token')) return 'token';
	if (url.startsWith('/keys')) return 'keys';
	return url.startsWith('/profile') ? 'profile' : 'discovery';
}
