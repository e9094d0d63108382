import { CliError } from '../cli-error.ts';
import { networkFailure } from './network-failure.ts';
import { ownHeaders } from './server.ts';

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

/**
 * Signs in with a code that the user confirms in a browser (RFC 8628), and returns the access token.
 * @throws {CliError} if it is declined, expires, or the server can't be reached
 */
export async function signInByCode(
	{ codeEndpoint, tokenEndpoint }: Endpoints,
	show: (code: DeviceCode) => void
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
	config[oauth.customFetch] = (url, options) =>
		fetch(url, { ...options, headers: { ...options.headers, ...ownHeaders } } as RequestInit);
	try {
		const code = await oauth.initiateDeviceAuthorization(config, {});
		show({
			userCode: code.user_code,
			url: code.verification_uri,
			completeUrl: code.verification_uri_complete ?? null,
			expiresInSeconds: code.expires_in
		});
		const { access_token: token } = await oauth.pollDeviceAuthorizationGrant(config, code);
		return token;
	} catch (error) {
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
