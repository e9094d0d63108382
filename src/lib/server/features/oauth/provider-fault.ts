/** One error in a chain of causes, reduced to what identifies it. */
export interface Link {
	readonly name: string;
	readonly message: string;
	readonly code: string;
	/** OAuth's error code, such as `invalid_client`. */
	readonly error: string;
	/** The status of the HTTP response that caused it. */
	readonly status: number | null;
}

/** What is wrong, how to fix it, and how to recognize it: by a code, by an error's message, or by its OAuth error code. */
type Fault = readonly [pattern: RegExp, words: string];

const byCode: readonly Fault[] = [
	[
		/^(ENOTFOUND|EAI_AGAIN|EAI_NONAME)$/,
		'The host is unknown. Check the spelling of the issuer URL and the DNS of this server.'
	],
	[
		/^ECONNREFUSED$/,
		'The connection was refused: nothing listens at that host and port. Check the issuer URL and whether the provider is running.'
	],
	[
		/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
		'The host cannot be reached from this server. Check the network and firewall.'
	],
	[
		/^CERT_HAS_EXPIRED$/,
		'The TLS certificate of the provider has expired, or the clock of this server is wrong. Renew the certificate.'
	],
	[
		/^ERR_TLS_CERT_ALTNAME_INVALID$/,
		'The TLS certificate of the provider is for another host name. Use the name in the certificate as the issuer URL.'
	],
	[
		/^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+)$/,
		'The TLS certificate of the provider is not trusted. If it comes from your own certificate authority, start this server with NODE_EXTRA_CA_CERTS set to its certificate.'
	],
	[
		/^(EPROTO|ERR_SSL_\w+)$/,
		'The provider does not speak https at that port. Check the port, or use an http address if the provider has no TLS.'
	],
	[
		/^(ETIMEDOUT|OAUTH_TIMEOUT|UND_ERR_\w*TIMEOUT)$/,
		'The provider did not answer in time (timeout). Check the network, or raise the timeout in the settings.'
	],
	[
		/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
		'The provider closed the connection without an answer. Check the port and any proxy in between.'
	],
	[
		/^OAUTH_HTTP_REQUEST_FORBIDDEN$/,
		'The address uses http, which is not allowed. Use https, or switch on “Allow insecure (HTTP) provider”.'
	],
	[
		/^OAUTH_(RESPONSE_IS_NOT_JSON|PARSE_ERROR)$/,
		'The answer is not JSON, so this is probably a web page. Check the path of the issuer URL.'
	],
	[
		/^OAUTH_JWT_TIMESTAMP_CHECK_FAILED$/,
		'The ID token has expired or is not valid yet. The clock of this server or of the provider is wrong.'
	],
	[
		/^OAUTH_KEY_SELECTION_FAILED$/,
		'The ID token is signed with a key that the provider does not publish. Check its signing keys and its algorithm.'
	]
];

const byError: readonly Fault[] = [
	[
		/^(invalid_client|unauthorized_client)$/,
		'The provider refuses the client ID or the client secret. Check both, and how the secret is sent.'
	],
	[
		/^invalid_grant$/,
		'The provider refuses the code (invalid_grant). Check the client secret and that the redirect URIs are registered exactly as shown.'
	],
	[
		/^redirect_uri_mismatch$/,
		'The redirect URI is not registered at the provider. Register it exactly as shown in the settings.'
	],
	[/^invalid_scope$/, 'The provider does not know one of the scopes. Check the scopes in the settings.'],
	[/^access_denied$/, 'The provider denied access: you declined, or it does not admit this user.']
];

const byMessage: readonly Fault[] = [
	[
		/bad port/,
		'The connection was refused: this port belongs to another protocol and is blocked. Check the port of the issuer URL.'
	],
	[
		/TimeoutError|timed? ?out|aborted due to timeout/i,
		'The provider did not answer in time (timeout). Check the network, or raise the timeout in the settings.'
	],
	[
		/only requests (over|to) https/i,
		'The address uses http, which is not allowed. Use https, or switch on “Allow insecure (HTTP) provider”.'
	],
	[
		/issuer does not match|"iss" \(issuer\)/,
		'The issuer does not match: the provider announces another issuer than the one configured. Correct the issuer URL, or enter the full address of the discovery document and the expected issuer.'
	],
	[
		/belongs to another provider/,
		'The provider announces the issuer of another provider. If that is intended, enter it as the expected issuer.'
	],
	[/"issuer" property/, 'The discovery document names no issuer. Check the issuer URL.'],
	[
		/"alg"/,
		'The ID token or profile is signed with another algorithm than the one configured. Set the algorithm that the provider uses.'
	],
	[/of the future/, 'The ID token is from the future. The clock of this server or of the provider is wrong.'],
	[/"aud"|another client/, 'The ID token is for another client. Check the client ID.'],
	[/"nonce"/, 'The ID token belongs to another sign-in (nonce). Try again.'],
	[/signature verification failed/, 'The signature of the ID token is wrong. Check the signing keys of the provider.'],
	[/led elsewhere/, 'The provider redirects to another address. Enter that address as the issuer URL.'],
	[/too large/, 'The answer of the provider is too large. Check the issuer URL.'],
	[/where it begins/, 'The discovery document has no authorization endpoint. Check the issuer URL.'],
	[/address that is not https/, 'The discovery document contains an address that is not https.'],
	[/Invalid URL/, 'The discovery document contains an invalid address.'],
	[/content-type/, 'The answer is not JSON, so this is probably a web page. Check the path of the issuer URL.']
];

/** Explains a chain of errors to an admin; null if none of them is known. */
export function findFault(links: readonly Link[]): string | null {
	const status = links.find((link) => link.status !== null)?.status ?? null;
	return (
		findFirst(byError, links, ({ error }) => error) ??
		findFirst(byCode, links, ({ code }) => code) ??
		(status === null ? null : describeStatus(status)) ??
		findFirst(byMessage, links, ({ name, message }) => `${name}: ${message}`)
	);
}

const findFirst = (faults: readonly Fault[], links: readonly Link[], getPart: (link: Link) => string): string | null =>
	faults.find(([pattern]) => links.some((link) => pattern.test(getPart(link))))?.[1] ?? null;

function describeStatus(status: number): string | null {
	if (status === 404)
		return 'There is no discovery document at that address (404 Not Found). Check the path of the issuer URL.';
	if (status === 401 || status === 403)
		return `The provider refuses access (${status}). Check the client ID and the client secret.`;
	return status >= 400
		? `The provider answered with an error (${status}). Check the issuer URL and the log of the provider.`
		: null;
}
