import { CliError } from '../cli-error.ts';
import { networkFailure } from './network-failure.ts';
import { maxGreetingBytes, ownHeaders, readText } from './server.ts';

/** The name under which this program asks for codes. */
const clientId = 'immich-auth';

interface Endpoints {
	readonly codeEndpoint: URL;
	readonly tokenEndpoint: URL;
}

/** What the user has to do in a browser. */
export interface DeviceCode {
	readonly userCode: string;
	readonly url: string;
	/** Contains the code already; null if the server doesn't offer it. */
	readonly completeUrl: string | null;
	readonly expiresInSeconds: number;
}

const outcomes: Readonly<Record<string, string>> = {
	access_denied: 'The sign-in was declined in the browser.',
	expired_token: 'The code has expired before it was confirmed.'
};

interface Listener {
	readonly show: (code: DeviceCode) => void;
	/** Called when the server fails to answer for a while. */
	readonly onTrouble: (failure: CliError) => void;
}

/** The server can't answer now: it restarts, is in maintenance, or wants fewer requests. */
class Unavailable extends CliError {}

const isUnavailable = (status: number): boolean => status >= 500 || [404, 408, 429].includes(status);

/**
 * Signs in with a code that the user confirms in a browser (RFC 8628), and returns the access token.
 * @throws {CliError} if it is declined, expires, or the server can't be reached
 */
export async function signInByCode(
	{ codeEndpoint, tokenEndpoint }: Endpoints,
	{ show, onTrouble }: Listener
): Promise<string> {
	const oauth = await import('openid-client');
	const config = new oauth.Configuration(
		{
			issuer: codeEndpoint.origin,
			device_authorization_endpoint: codeEndpoint.href,
			token_endpoint: tokenEndpoint.href
		},
		clientId,
		undefined,
		oauth.None()
	);
	// Whether the server may be reached without HTTPS was the user's choice.
	// eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated only as a warning
	if (codeEndpoint.protocol === 'http:') oauth.allowInsecureRequests(config);
	config[oauth.customFetch] = (url, options) => exchange(new URL(url), options as RequestInit);
	try {
		const code = await oauth.initiateDeviceAuthorization(config, {});
		show({
			userCode: code.user_code,
			url: code.verification_uri,
			completeUrl: code.verification_uri_complete ?? null,
			expiresInSeconds: code.expires_in
		});
		const endsAt = Date.now() + code.expires_in * 1_000;
		let isInTrouble = false;
		for (;;)
			try {
				// It waits for the interval first.
				return (await oauth.pollDeviceAuthorizationGrant(config, code)).access_token;
			} catch (error) {
				const failure = findOwn(error);
				if (!(failure instanceof Unavailable) || Date.now() >= endsAt) throw error;
				if (!isInTrouble) onTrouble(failure);
				isInTrouble = true;
			}
	} catch (error) {
		const own = findOwn(error);
		if (own) throw own;
		if (error instanceof oauth.ResponseBodyError)
			throw new CliError(
				outcomes[error.error] ?? `The server refused the sign-in (${error.error}).`,
				'Run the command again for a new code.',
				{ cause: error }
			);
		if (error instanceof oauth.ClientError)
			throw new CliError('The server answered the sign-in in an unexpected form.', null, { cause: error });
		throw networkFailure(codeEndpoint, error);
	}
}

/** The error of `exchange`, which the library wraps. */
function findOwn(error: unknown): CliError | null {
	if (error instanceof CliError) return error;
	return error instanceof Error && error.cause instanceof CliError ? error.cause : null;
}

/** Sends a request and reads its answer. Throws `Unavailable` if there is none now. */
async function exchange(url: URL, { headers, ...options }: RequestInit): Promise<Response> {
	try {
		const response = await fetch(url, {
			...options,
			headers: { ...(headers as Record<string, string>), ...ownHeaders }
		});
		const text = await readText(url, response, maxGreetingBytes);
		if (isUnavailable(response.status))
			throw new Unavailable(`${url.origin} can't sign in programs now (HTTP ${response.status}).`, 'Try again later.');
		return new Response(text === '' ? null : text, response);
	} catch (error) {
		if (error instanceof CliError) throw error;
		const { message, advice } = networkFailure(url, error);
		throw new Unavailable(message, advice, { cause: error });
	}
}
